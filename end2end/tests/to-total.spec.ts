// How what the Explorer shows comes together from usage: folded up, and the last line is the
// total above.
import { expect, test } from "../fixtures";
import { amounts, sum } from "../support/money";
import type { Locator, Page } from "@playwright/test";

test.use({ begin: "with costs" });

/** The exact total of what is shown. */
async function total(page: Page): Promise<bigint | undefined> {
  const label = page.getByRole("term").filter({ hasText: /^Total$/ });
  return (await amounts(page.locator("div.figure", { has: label })))[0];
}

/** The section; its words can be clicked. */
function section(page: Page): Locator {
  return page.getByRole("region", { name: "From usage to the total" });
}

/** Each step's amount, and the last line's. */
async function steps(page: Page): Promise<{ each: bigint[]; last: bigint[] }> {
  const table = section(page).getByRole("table", { name: /^From usage to the total, / });
  const each: bigint[] = [];
  for (const line of await table.locator("tbody tr").all()) {
    // Before it are the kinds of charges, after it what has come together so far.
    each.push((await amounts(line.locator("td.number").first()))[0] ?? 0n);
  }
  return { each, last: await amounts(table.locator("tfoot")) };
}

test("the steps end at the total that is shown, whatever is chosen", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/costs?period=last-month");
  const table = section(page).getByRole("table");
  await expect(table).toBeHidden();
  await section(page).getByText("From usage to the total", { exact: true }).click();
  await expect(table).toBeVisible();
  const before = await steps(page);
  expect(before.each.length).toBeGreaterThan(3);
  expect(before.last).toEqual([sum(before.each)]);
  expect(before.last).toEqual([await total(page)]);

  // Another view: other numbers, and still open.
  await page.getByLabel("View", { exact: true }).selectOption({ label: "What we used" });
  await expect.poll(async () => (await steps(page)).last).not.toEqual(before.last);
  await expect(table).toBeVisible();
  await expect(table).not.toContainText("Credits");
  await expect.poll(async () => (await steps(page)).last).toEqual([await total(page)]);
});

test("where kinds of charges can't be told apart, it says so", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/costs?only=REGION&values=eu-west-1");
  await section(page).getByText("From usage to the total", { exact: true }).click();
  await expect(section(page).getByText("Kinds of charges aren’t told apart under this filter.")).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("it unfolds all the same", async ({ page }) => {
    await page.goto("/costs?period=last-month&metric=amortized");
    await section(page).getByText("From usage to the total", { exact: true }).click();
    const shown = await steps(page);
    expect(shown.last).toEqual([sum(shown.each)]);
    expect(shown.last).toEqual([await total(page)]);
  });
});
