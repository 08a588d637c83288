// Every digit of an amount, without a pointer to hover with, and without scripts.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";

test.use({ begin: "with costs" });

async function exact(page: Page): Promise<void> {
  await page.goto("/costs?period=last-month");
  const amount = page.getByRole("region", { name: "Costs by group" }).locator("tfoot data").first();
  const value = (await amount.getAttribute("title")) ?? "";
  expect(value).toMatch(/^\d+\.\d+ USD$/);
  const shown = () => amount.evaluate((one) => getComputedStyle(one, "::after").content);
  expect(await shown()).toBe("none");
  const box = page.getByLabel("Exact amounts");
  await box.focus();
  await page.keyboard.press("Space");
  await expect(box).toBeChecked();
  // Browsers tell it with or without what it is made from.
  await expect.poll(shown).toMatch(new RegExp(`attr\\(title\\)|${value.replace(".", "\\.")}`));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
}

test("every digit", async ({ page }) => {
  await exact(page);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("every digit", { tag: "@any-width" }, async ({ page }) => {
    await exact(page);
  });
});
