// On paper: what was looked at, without what it was chosen by or what can be done.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { heading } from "../support/person";

test.use({ begin: "with costs" });

const PAGES = [
  ["/overview", "Overview"],
  ["/costs?period=last-month&compare=before", "Explorer"],
  ["/bill", /^Bill/],
  ["/forecast", /^Forecast/],
] as const;

/** What one can press or fill in and would see; a chart's legend says what its colours mean. */
function controls(page: Page): Locator {
  return page
    .locator("button:not(.legend__entry), select, input:not([type=hidden]), textarea, nav, a.button, a.pin, header")
    .filter({ visible: true });
}

for (const [path, name] of PAGES) {
  test(`${path} on paper`, { tag: "@any-width" }, async ({ page }) => {
    await page.goto(path);
    await expect(heading(page, name)).toBeVisible();
    await expect(controls(page)).not.toHaveCount(0);
    const table = page.locator("table").filter({ visible: true }).first();
    await table.scrollIntoViewIfNeeded();
    await page.emulateMedia({ media: "print" });
    await expect(controls(page)).toHaveCount(0);
    await expect(heading(page, name)).toBeVisible();
    await expect(table).toBeVisible();
    // Nothing of a table is hidden in a frame that would have to be scrolled.
    const frames = page.locator(".table-frame").filter({ visible: true });
    const cut = await frames.evaluateAll((all) =>
      all.map((one) => getComputedStyle(one)).filter(({ overflowX, maxHeight }) => overflowX !== "visible" || maxHeight !== "none").length,
    );
    expect(cut).toBe(0);
  });
}
