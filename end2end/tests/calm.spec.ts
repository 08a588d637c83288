// Who presses something in the middle of a page stays there: nothing jumps, and the keyboard
// goes on from where it was.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures";

test.use({ begin: "with costs" });

/** Presses a link with the keyboard in the middle of the page, and sees that it stays there. */
async function stays(page: Page, link: Locator, then: RegExp, answered?: () => Promise<void>): Promise<void> {
  await link.focus();
  const before = await page.evaluate(() => window.scrollY);
  expect(before, "the link is far enough down").toBeGreaterThan(0);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(then);
  await answered?.();
  // A longer legend above may push it further down, never to the top.
  expect(await page.evaluate(() => window.scrollY)).toBeGreaterThanOrEqual(before - 1);
}

test("sorting, pinning, lines, steps and units keep the page still", async ({ page }) => {
  // Low enough that everything lies further down.
  const { width } = page.viewportSize() ?? { width: 1280 };
  await page.setViewportSize({ width, height: 400 });
  await page.goto("/costs?period=last-month&compare=before");
  const table = page.getByRole("region", { name: "Costs by group" });
  const alive = page.getByRole("img", { name: /^Chart of/ }).locator("canvas");
  await page.getByRole("img", { name: /^Chart of/ }).scrollIntoViewIfNeeded();
  // The browser half is there: before, links lead to pages of their own.
  await expect(alive.first()).toBeVisible();
  await stays(page, table.getByRole("link", { name: "Difference" }), /sort=-change/);
  const steps = page.getByRole("navigation", { name: "Cut into" });
  const weeks = steps.getByRole("link", { name: "Weeks" });
  await stays(page, weeks, /step=weekly/, () => expect(weeks).toHaveAttribute("aria-current", "true"));
  const counts = page.getByRole("navigation", { name: "The largest" });
  const pins = table.locator("tbody a.pin");
  await stays(page, counts.getByRole("link", { name: "15", exact: true }), /lines=15/, () =>
    expect.poll(() => pins.count()).toBeGreaterThan(8),
  );
});

test("a pinned line takes the focus along", async ({ page }) => {
  await page.goto("/costs?period=last-month");
  const table = page.getByRole("region", { name: "Costs by group" });
  await page.getByRole("img", { name: /^Chart of/ }).scrollIntoViewIfNeeded();
  await expect(page.getByRole("img", { name: /^Chart of/ }).locator("canvas").first()).toBeVisible();
  const pin = table.getByRole("link", { name: /^Pin / }).nth(2);
  const name = ((await pin.getAttribute("aria-label")) ?? "").replace(/^Pin /, "");
  await stays(page, pin, /pin=/);
  const unpin = table.getByRole("link", { name: `Unpin ${name}`, exact: true });
  await expect(unpin).toBeFocused();
  await expect(table.locator("tbody tr").first()).toContainText(name);
  await stays(page, unpin, /last-month$/);
  await expect(table.getByRole("link", { name: `Pin ${name}`, exact: true })).toBeFocused();
});

test("what the chart is cut into is marked, chosen or not", { tag: "@any-width" }, async ({ page }) => {
  const current = page.getByRole("navigation", { name: "Cut into" }).locator("[aria-current=true]");
  await page.goto("/costs?period=last-month");
  await expect(current).toHaveText("Days");
  await page.goto("/costs?period=12-months");
  await expect(current).toHaveText("Months");
  await page.goto("/costs?period=12-months&step=weekly");
  await expect(current).toHaveText("Weeks");
});
