// What the Explorer's tables show, read in one go: every line by what AWS calls it, every cell to
// the last digit.
import type { Page } from "@playwright/test";

/** A cell with a number. */
export interface Cell {
  /** Every digit; `null` where nothing is known or compared. */
  readonly value: string | null;
  readonly text: string;
}

/** A line of the table of groups. */
export interface Line {
  /** Its keys as AWS writes them, joined as the page does; `null` for the rest and the totals. */
  readonly id: string | null;
  readonly name: string;
  readonly cells: readonly Cell[];
}

/** Both tables. */
export interface Tables {
  readonly lines: readonly Line[];
  readonly foot: readonly Line[];
  /** The table with the pieces down, where there is one. */
  readonly every: { heads: readonly string[]; lines: readonly (readonly Cell[])[] } | null;
  /** The figures above, by their names. */
  readonly figures: Readonly<Record<string, Cell>>;
}

/** Joins the keys of a line. */
export const BETWEEN = "\u001f";

/** Reads them. */
export function shown(page: Page): Promise<Tables> {
  return page.locator("main").evaluate((main) => {
    const text = (one: Element | null | undefined) => one?.textContent?.trim() ?? "";
    const cell = (one: Element) => {
      const read = text(one);
      const exact = one.querySelector("data")?.value ?? (read === "–" ? null : "0");
      return { value: exact, text: read };
    };
    const cells = (row: Element) => [...row.querySelectorAll("td.number")].map(cell);
    const line = (row: Element) => {
      const pin = row.querySelector<HTMLAnchorElement>("a.pin");
      const ids = pin === null ? [] : new URL(pin.href).searchParams.getAll("pin");
      const head = row.querySelector("th a:not(.pin)") ?? row.querySelector("th");
      // Beside the name of an account stands its number.
      const others = [...row.querySelectorAll("td.table__key")].map((one) => one.firstChild?.textContent?.trim());
      return { id: ids.at(-1) ?? null, name: [text(head), ...others].join(" · "), cells: cells(row) };
    };
    const rows = (table: Element | null, part: string) => [...(table?.querySelectorAll(`${part} tr`) ?? [])];
    const groups = main.querySelector("table.explore-table");
    const dense = [...main.querySelectorAll<HTMLTableElement>("table.table--dense")];
    const folded = dense.find((table) => text(table.caption).endsWith("as the chart shows them")) ?? null;
    const every = folded && {
      heads: [...folded.querySelectorAll("thead th.number")].map(text),
      lines: rows(folded, "tbody").map(cells),
    };
    const figures = [...main.querySelectorAll("dl.figures--three > .figure")].map((figure) => {
      const value = figure.querySelector(".figure__value");
      return [text(figure.querySelector("dt")), value ? cell(value) : { value: null, text: "" }] as const;
    });
    return {
      lines: rows(groups, "tbody").map(line),
      foot: rows(groups, "tfoot").map(line),
      every,
      figures: Object.fromEntries(figures),
    };
  });
}
