// What tests of the Savings pages begin with.
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** Looks at everything there is. */
export async function scan(page: Page): Promise<void> {
  // The server looks by itself as well, some time after its start; then there is nothing to press.
  const press = page.getByRole("button", { name: "Scan now" });
  await expect(press.or(page.getByRole("button", { name: "Looking…" }))).toBeVisible();
  if (await press.isVisible()) await press.click();
  await expect(page.getByText(/^As AWS told it on/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Looking at what there is")).toBeHidden({ timeout: 60_000 });
  await expect(press).toBeVisible({ timeout: 60_000 });
}
