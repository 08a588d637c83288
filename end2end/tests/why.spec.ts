// Why did it change? Where some charges don't count, AWS has to be asked first.
import { expect, test } from "../fixtures";

test.use({ begin: "with costs" });

test("what we used is explained after AWS was asked", async ({ page }) => {
  await page.goto("/costs?view=used&period=last-month&compare=before");
  const why = page.getByRole("region", { name: "Why did it change?" });
  await expect(why).toContainText("AWS has to be asked");
  await expect(why.getByText("By service and usage type, where", { exact: false })).toBeVisible();
  await why.getByRole("button", { name: "Ask AWS — free here" }).click();
  await expect(why.getByText("Of all that changed:")).toBeVisible({ timeout: 60_000 });
  await expect(why.getByRole("button")).toHaveCount(0);
  // It stays: another period is explained at once.
  await page.getByLabel("Period").selectOption("This month");
  await expect(page).toHaveURL(/period=this-month/);
  await expect(page.locator("p.muted", { hasText: "1–24 Nov 2026, days in UTC" })).toBeVisible();
  await expect(why.getByText("Of all that changed:")).toBeVisible();
});
