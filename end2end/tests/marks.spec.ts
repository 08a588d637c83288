// What isn't finished is marked in each kind of chart, and the page says how.
import { expect, test } from "../fixtures";

test.use({ begin: "with costs" });

test("each kind of chart says how it marks what isn’t finished", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/costs?period=this-month");
  const kinds = page.getByRole("navigation", { name: "Kind of chart" });
  const note = page.getByRole("listitem").filter({ hasText: /finished: AWS still adds to it/ });
  await expect(note).toHaveText(/^\d+ hatched piece/);
  for (const [kind, says] of [
    ["Lines", /^\d+ shaded piece/],
    ["Areas", /^\d+ shaded piece/],
    ["Treemap", /^\d+ piece/],
    ["Calendar", /^\d+ hatched piece/],
    ["Bars", /^\d+ hatched piece/],
  ] as const) {
    await kinds.getByRole("link", { name: kind }).click();
    await expect(note).toHaveText(says);
  }
});
