// What Overview and Explorer show against the simulator's own books, in states that are drawn
// by lot: another way of adding up has to come to the same, to the last billionth.
import { expect, test, TODAY } from "../fixtures";
import { Dice, exact, METRICS, type Rounded } from "../support/books";
import { amount, figure, nanos } from "../support/money";
import { heading } from "../support/person";
import type { By } from "../support/simulator";
import type { Page } from "@playwright/test";

/** What the Explorer groups by, and what the books tell apart for it. */
const GROUPS: { by: string; then?: string; split: By; key: (one: Rounded) => string }[] = [
  { by: "SERVICE", split: "linked_account", key: ({ service }) => service },
  { by: "LINKED_ACCOUNT", split: "linked_account", key: ({ value }) => value },
  { by: "REGION", split: "region", key: ({ value }) => value },
  { by: "USAGE_TYPE", split: "usage_type", key: ({ value }) => value },
  { by: "RECORD_TYPE", split: "record_type", key: ({ value }) => value },
  { by: "SERVICE", then: "REGION", split: "region", key: ({ service, value }) => `${service}\n${value}` },
];

/** The exact totals of the table's lines, sorted, and of all of them. */
async function shown(page: Page): Promise<{ lines: bigint[]; total: bigint }> {
  const table = page.getByRole("region", { name: "Costs by group" });
  const read = (rows: string) =>
    table
      .locator(`${rows} td.number--total`)
      .evaluateAll((cells) => cells.map((cell) => cell.querySelector("data")?.value ?? "0"));
  const lines = (await read("tbody tr")).map(nanos);
  const [total] = (await read("tfoot tr")).map(nanos);
  if (total === undefined) throw new Error("the table has no total");
  return { lines: lines.sort(ascending), total };
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("the Explorer, whatever is chosen", { tag: "@any-width" }, async ({ page, aws }) => {
    const dice = new Dice();
    for (let round = 0; round < 12; round += 1) {
      const [slug, metric] = dice.of(Object.entries(METRICS));
      const group = dice.of(GROUPS);
      const [first, after] = dice.days("2025-10-01", TODAY);
      const last = new Date(Date.parse(after) - 86_400_000).toISOString().slice(0, 10);
      const query = new URLSearchParams({
        period: "days",
        from: first,
        to: last,
        metric: slug,
        by: group.by,
        lines: "5000",
        ...(group.then === undefined ? {} : { then: group.then }),
      });
      await test.step(`seed ${dice.seed}: ${query}`, async () => {
        const charges = exact(await aws.charges(first, after, metric, group.split));
        const sums = new Map<string, bigint>();
        for (const one of charges) {
          sums.set(group.key(one), (sums.get(group.key(one)) ?? 0n) + one.amount);
        }
        await page.goto(`/costs?${query}`);
        await expect(heading(page, "Explorer")).toBeVisible();
        const { lines, total } = await shown(page);
        const costs = (all: bigint[]) => all.filter((one) => one !== 0n).sort(ascending);
        expect(costs(lines)).toEqual(costs([...sums.values()]));
        expect(total).toBe([...sums.values()].reduce((all, one) => all + one, 0n));
      });
    }
  });

  test("the Overview, in each metric", { tag: "@any-width" }, async ({ page, aws }) => {
    const months = [
      { name: "This month so far", start: "2026-11-01", end: "2026-11-25" },
      { name: "Last month", start: "2026-10-01", end: "2026-11-01" },
    ];
    for (const [slug, metric] of Object.entries(METRICS)) {
      await page.goto(`/?metric=${slug}`);
      for (const { name, start, end } of months) {
        const charges = exact(await aws.charges(start, end, metric, "linked_account"));
        const total = charges.reduce((all, one) => all + one.amount, 0n);
        expect(await amount(figure(page, name)), `${name}, ${slug}`).toBe(total);
      }
    }
  });
});
