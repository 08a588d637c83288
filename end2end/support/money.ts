// Amounts on a page, to the last digit. Never as floating point.
import { expect, type Locator, type Page } from "@playwright/test";

/** Billionths, from `1234.5` or `-0.000000001`. */
export function nanos(decimal: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(decimal);
  if (match === null) throw new Error(`not an amount: ${decimal}`);
  const [, sign, whole, part = ""] = match;
  const size = BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, "0"));
  return sign === "-" ? -size : size;
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, one) => all + one, 0n);
}

/** The exact values of all amounts inside, in their order. */
export async function amounts(inside: Locator): Promise<bigint[]> {
  const values = await inside
    .locator("data")
    .evaluateAll((all) => all.map((one) => (one as HTMLDataElement).value));
  return values.map(nanos);
}

/** The figure with this name at the top of the Overview: its parts, and its exact amount. */
export function figure(page: Page, name: string): Locator {
  const label = page.getByRole("term").filter({ hasText: new RegExp(`^${name}$`) });
  return page.getByRole("region", { name: "This month and last month" }).locator("div", { has: label });
}

/** The one amount in it. */
export async function amount(inside: Locator): Promise<bigint> {
  const [first, ...others] = await amounts(inside);
  if (first === undefined || others.length > 0) {
    throw new Error(`there isn't one amount, but ${others.length + 1}`);
  }
  return first;
}

/** Waits until the one amount in it is another. */
export async function changed(inside: Locator, before: bigint): Promise<void> {
  await expect.poll(async () => (await amounts(inside)).filter((now) => now !== before)).toHaveLength(1);
}

/** A table by its name: exact amounts of each body line, and of the line of totals. */
export async function table(
  page: Page,
  name: string | RegExp,
): Promise<{ heads: string[]; lines: bigint[][]; totals: bigint[] }> {
  const found = page.getByRole("table", { name });
  const heads = await found.locator("thead th").allInnerTexts();
  const lines: bigint[][] = [];
  for (const line of await found.locator("tbody tr").all()) {
    lines.push(await amounts(line));
  }
  return { heads, lines, totals: await amounts(found.locator("tfoot")) };
}
