// A chart of more pieces than a table has room for: folded up below stands each in numbers, the
// same as the chart's and the table's, without scripts too.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { nanos, sum } from "../support/money";

test.use({ begin: "with costs" });

async function compare(page: Page): Promise<void> {
  await page.goto("/costs?period=90-days&compare=before");
  const folded = page.locator("summary", { hasText: "Every day in numbers" });
  const region = page.getByRole("region", { name: "Every day in numbers" });
  await expect(folded).toBeVisible();
  await expect(region).toBeHidden();
  await folded.click();
  await expect(region).toBeVisible();
  const groups = page.getByRole("region", { name: "Costs by group" });
  const totals = await groups
    .locator("tbody td.number--total, tfoot tr:first-child td.number--total")
    .evaluateAll((cells) => cells.map((cell) => cell.querySelector("data")?.value ?? "0"));
  // The groups' totals, then that of all; here that of all comes first, the period before last.
  const [all, ...others] = [totals.at(-1) ?? "", ...totals.slice(0, -1)].map(nanos);
  const read = await region.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("data")?.value ?? "0")),
  );
  expect(read).toHaveLength(90);
  const columns = (read[0] ?? []).map((_, column) => sum(read.map((row) => nanos(row[column] ?? "0"))));
  expect(columns.slice(0, -1)).toEqual([all, ...others]);
  expect(read.every((row) => sum(row.slice(1, -1).map(nanos)) === nanos(row[0] ?? ""))).toBe(true);
}

test("every day in numbers", async ({ page }) => {
  await compare(page);
  await expect(page.getByRole("img", { name: /“Every day in numbers”, below the table, has the same/ })).toBeAttached();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("every day in numbers", { tag: "@any-width" }, async ({ page }) => {
    await compare(page);
  });
});
