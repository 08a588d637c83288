// Every number of Explorer and Overview against the simulator's own books, in states that are
// drawn by lot: periods, pieces, comparison, filters, views and metrics, to the last billionth.
import { expect, test, TODAY } from "../fixtures";
import { Dice, exact, METRICS, type Rounded } from "../support/books";
import { Chart } from "../support/chart";
import { amount, figure, nanos, sum } from "../support/money";
import { before, beside, has, length, monthAgo, type Period, pieces, plus, type Step } from "../support/periods";
import { heading } from "../support/person";
import { BETWEEN, type Cell, type Line, shown, type Tables } from "../support/shown";
import type { By, Simulator } from "../support/simulator";
import type { Page } from "@playwright/test";

test.use({ begin: "with costs", contextOptions: { reducedMotion: "reduce" } });

/** The first day that is stored, and the day after the last. */
const KEPT: Period = { start: "2025-10-01", end: plus(TODAY, 1) };

type Metric = keyof typeof METRICS;

const VIEWS = ["console", "used", "paid"] as const;
type View = (typeof VIEWS)[number];

/** What the books tell apart, and what the Explorer calls it. */
const SPLITS: Record<By, string> = {
  linked_account: "LINKED_ACCOUNT",
  region: "REGION",
  usage_type: "USAGE_TYPE",
  record_type: "RECORD_TYPE",
};

/** What is paid is paid after discounts. */
function counted(metric: Metric, view: View): string {
  const net = { unblended: "NetUnblendedCost", amortized: "NetAmortizedCost" } as Partial<Record<Metric, string>>;
  return (view === "paid" ? net[metric] : undefined) ?? METRICS[metric];
}

/** What was used is without these. */
function counts(view: View, kind: string): boolean {
  return view !== "used" || !["Credit", "Refund", "Tax"].includes(kind);
}

/** The books of some days in a view; kinds of charges are told apart only where it asks for it. */
async function read(aws: Simulator, { start, end }: Period, metric: Metric, view: View, split: By): Promise<Rounded[]> {
  const all = exact(await aws.charges(start, end, counted(metric, view), split));
  return all.filter(({ value }) => split !== "record_type" || counts(view, value));
}

function added(all: readonly Rounded[]): bigint {
  return sum(all.map((one) => one.amount));
}

function within(all: readonly Rounded[], period: Period): Rounded[] {
  return all.filter(({ day }) => has(period, day));
}

/** What each piece comes to. */
function cutInto(cut: readonly (Period | undefined)[], all: readonly Rounded[]): bigint[] {
  const days = new Map<string, bigint>();
  for (const { day, amount } of all) days.set(day, (days.get(day) ?? 0n) + amount);
  return cut.map((piece) => sum([...days].flatMap(([day, amount]) => (piece && has(piece, day) ? [amount] : []))));
}

/** By what the Explorer tells its lines apart. */
function grouped(state: State, all: readonly Rounded[]): Map<string, Rounded[]> {
  const groups = new Map<string, Rounded[]>();
  for (const one of all) {
    const id = state.grouping.map((part) => one[part]).join(BETWEEN);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [one]);
    else group.push(one);
  }
  return groups;
}

/** Those of no such line. */
function others(groups: Map<string, Rounded[]>, ids: ReadonlySet<string | null | undefined>): Rounded[] {
  return [...groups].flatMap(([id, all]) => (ids.has(id) ? [] : all));
}

/** Thousandths, half away from zero, as percent. */
function percent(earlier: bigint, later: bigint): string {
  const more = later - earlier;
  const sign = more > 0n ? 1n : more < 0n ? -1n : 0n;
  const thousandths = (more * 2000n + earlier * sign) / (earlier * 2n);
  const size = thousandths < 0n ? -thousandths : thousandths;
  return `${thousandths > 0n ? "+" : thousandths < 0n ? "−" : ""}${size / 10n}.${size % 10n}%`;
}

/** A difference is only written: with its sign, to the cent, and never as nothing. */
function expectWritten(text: string, wanted: bigint, what: string): void {
  expect(text, what).toMatch(wanted > 0n ? /^\+\$/ : wanted < 0n ? /^−\$/ : /^\$0\.00$/);
  const written = nanos(text.replace(/[+$,]/g, "").replace("−", "-"));
  const apart = written - wanted;
  expect(apart <= 5_000_000n && apart >= -5_000_000n, `${what}: ${text} for ${wanted}`).toBe(true);
  if (wanted !== 0n) expect(written, what).not.toBe(0n);
}

/** A state of the Explorer. */
interface State {
  readonly query: URLSearchParams;
  readonly period: Period;
  readonly step: Step;
  readonly compared: Period | undefined;
  readonly grouping: readonly ("service" | "value")[];
  /** What the books have of its period, and of the other. */
  readonly now: Rounded[];
  readonly then: Rounded[];
}

async function draw(dice: Dice, aws: Simulator): Promise<State> {
  const [metric, view] = [dice.of(Object.keys(METRICS) as Metric[]), dice.of(VIEWS)];
  const grouping = dice.of([[], ["service"], ["value"], ["service", "value"], ["value", "service"]] as const);
  const filtered = dice.of(["", "service", "value"] as const);
  let split = dice.of(Object.keys(SPLITS) as By[]);
  // What isn't asked for isn't told apart; kinds of charges are, where a view leaves some out.
  const isAsked = filtered === "value" || (grouping as readonly string[]).includes("value");
  if (view === "used") split = "record_type";
  else if (!isAsked) split = "linked_account";

  const [start, end] = dice.days(KEPT.start, KEPT.end);
  const period = { start, end };
  const cut = dice.of(["", "daily", "weekly", "monthly", "total"] as const);
  const query = new URLSearchParams({ period: "days", from: start, to: plus(end, -1), metric, view });
  if (cut !== "") query.set("step", cut);
  const step = cut !== "" ? cut : length(period) > 93 ? "monthly" : "daily";

  const how = dice.of(["", "before", "month", "days", "days"] as const);
  const [first, after] = dice.days(KEPT.start, KEPT.end);
  const other = { "": undefined, before: before(period), month: monthAgo(period), days: { start: first, end: after } };
  const wanted = other[how];
  const compared = wanted !== undefined && wanted.start >= KEPT.start ? wanted : undefined;
  if (compared !== undefined) {
    query.set("compare", how);
    if (how === "days") {
      query.set("compare_from", first);
      query.set("compare_to", plus(after, -1));
    }
  }

  const names = { service: "SERVICE", value: SPLITS[split] };
  const [by, then] = grouping;
  query.set("by", by === undefined ? "nothing" : names[by]);
  if (then !== undefined) query.set("then", names[then]);
  query.set("lines", dice.of(["5", "15", "5000", "5000"]));

  let now = await read(aws, period, metric, view, split);
  let past = compared === undefined ? [] : await read(aws, compared, metric, view, split);
  if (filtered !== "") {
    const known = [...new Set(now.map((one) => one[filtered]))];
    const values = new Set(Array.from({ length: 1 + dice.below(3) }, () => dice.of(known)));
    const isLeftOut = dice.below(2) === 1;
    query.set("only", names[filtered]);
    query.set("how", isLeftOut ? "not" : "only");
    for (const value of values) query.append("values", value);
    const isKept = (one: Rounded) => values.has(one[filtered]) !== isLeftOut;
    [now, past] = [now.filter(isKept), past.filter(isKept)];
  }
  return { query, period, step, compared, grouping, now, then: past };
}

/** The numbers of a line. */
function expectLine(state: State, line: Line, now: readonly Rounded[], then: readonly Rounded[]): void {
  const what = line.name;
  const [total, ...values] = line.cells;
  const sums = { now: added(now), then: added(then) };
  expect(amountOf(total), what).toBe(sums.now);
  if (state.compared !== undefined) {
    const [earlier, difference, share] = values.splice(0, 3);
    expect(amountOf(earlier), `${what}, before`).toBe(sums.then);
    expectWritten(difference?.text ?? "", sums.now - sums.then, `${what}, difference`);
    const none = sums.then === 0n && sums.now !== 0n ? "new" : "–";
    expect(share?.text, `${what}, percent`).toBe(sums.then > 0n ? percent(sums.then, sums.now) : none);
  }
  const cut = pieces(state.period, state.step);
  // Where there is no room for a column each, the other table has them.
  expect([0, cut.length], `${what}, pieces`).toContain(values.length);
  if (values.length > 0) expect(values.map(amountOf), `${what}, pieces`).toEqual(cutInto(cut, now));
}

function amountOf(cell: Cell | undefined): bigint | undefined {
  return cell?.value == null ? undefined : nanos(cell.value);
}

function expectExplorer(state: State, tables: Tables): void {
  const [now, then] = [grouped(state, state.now), grouped(state, state.then)];
  const own = tables.lines.filter((line) => line.id !== null);
  const ids = new Set(own.map((line) => line.id));
  for (const line of own) {
    expectLine(state, line, now.get(line.id ?? "") ?? [], then.get(line.id ?? "") ?? []);
  }
  // All that has no line of its own is in the last, and nothing is missing.
  const rest = [others(now, ids), others(then, ids)] as const;
  const last = tables.lines.find((line) => line.id === null);
  if (last !== undefined) expectLine(state, last, ...rest);
  else if (state.grouping.length > 0) expect(rest.flat().filter((one) => one.amount !== 0n)).toEqual([]);

  const [sums, earlier] = tables.foot;
  if (sums === undefined) throw new Error("the table has no total");
  expectLine(state, sums, state.now, state.then);
  const { Total: total, Difference: difference, "Compared with": compared } = tables.figures;
  expect(amountOf(total)).toBe(added(state.now));
  const cut = pieces(state.period, state.step);
  const parts = state.compared && beside(state.period, state.compared, state.step);
  const past = parts && cutInto(parts, state.then).map((one, place) => (parts[place] ? one : undefined));
  if (past !== undefined) {
    expect(amountOf(compared)).toBe(added(state.then));
    expectWritten(difference?.text ?? "", added(state.now) - added(state.then), "the difference above");
    const [all, ...each] = earlier?.cells ?? [];
    expect(amountOf(all), "the period before").toBe(added(state.then));
    if (each.length > 0) expect(each.map(amountOf), "the period before, pieces").toEqual(past);
  }
  if (tables.every !== null) expectEvery(state, tables, cut, past);
}

/** The table with the pieces down: the total, each series, and the period before. */
function expectEvery(state: State, tables: Tables, cut: Period[], past: (bigint | undefined)[] | undefined): void {
  const { heads = [], lines = [] } = tables.every ?? {};
  const columns = lines.length === 0 ? [] : heads.map((_, place) => lines.map((line) => amountOf(line[place])));
  expect(lines).toHaveLength(cut.length);
  expect(columns[0]).toEqual(cutInto(cut, state.now));
  if (past !== undefined) expect(columns.at(-1)).toEqual(past);
  const series = heads.slice(1, past === undefined ? undefined : -1);
  const ids = series.map((name) => tables.lines.find((line) => line.id !== null && line.name === name)?.id);
  const groups = grouped(state, state.now);
  for (const [place, name] of series.entries()) {
    const id = ids[place];
    const mine = id == null ? others(groups, new Set(ids)) : (groups.get(id) ?? []);
    expect(columns[place + 1], name).toEqual(cutInto(cut, mine));
  }
}

test("the Explorer, whatever is chosen", { tag: "@any-width" }, async ({ page, aws }) => {
  const dice = new Dice();
  for (let round = 0; round < 14; round += 1) {
    const state = await draw(dice, aws);
    await test.step(`seed ${dice.seed}: /costs?${state.query}`, async () => {
      await page.goto(`/costs?${state.query}`);
      await expect(heading(page, "Explorer")).toBeVisible();
      const none = page.getByText("AWS has no costs for this in these days.");
      if (state.now.every(({ amount }) => amount === 0n) && (await none.count()) > 0) return;
      expectExplorer(state, await shown(page));
    });
  }
});

test("usage, in each of its units", { tag: "@any-width" }, async ({ page, aws }) => {
  const dice = new Dice();
  for (const [slug, metric] of [
    ["usage-quantity", "UsageQuantity"],
    ["normalized-usage", "NormalizedUsageAmount"],
  ] as const) {
    const [start, end] = dice.days("2026-08-01", KEPT.end);
    const query = new URLSearchParams({
      period: "days",
      from: start,
      to: plus(end, -1),
      step: "weekly",
      metric: slug,
      by: "USAGE_TYPE",
      lines: "5000",
    });
    await test.step(`seed ${dice.seed}: /costs?${query}`, async () => {
      const cut = pieces({ start, end }, "weekly");
      const books = new Map<string, number[]>();
      for (const { day, value, amount } of await aws.charges(start, end, metric, "usage_type")) {
        const each = books.get(value) ?? cut.map(() => 0);
        const place = cut.findIndex((piece) => has(piece, day));
        each[place] = (each[place] ?? 0) + Number(amount) / 1e10;
        books.set(value, each);
      }
      await page.goto(`/costs?${query}`);
      const units = page.getByRole("navigation", { name: "Currency or unit" }).getByRole("link");
      const links = await units.evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
      const seen = new Set<string>();
      for (const link of links.length > 0 ? links : [`/costs?${query}`]) {
        await page.goto(link);
        const { lines, foot } = await shown(page);
        const all = cut.map(() => 0);
        for (const { id, cells } of lines) {
          const each = books.get(id ?? "") ?? cut.map(() => 0);
          expect(seen.has(id ?? ""), `${id} has one unit`).toBe(false);
          seen.add(id ?? "");
          expectUsed(cells, each, id ?? "");
          each.forEach((used, place) => (all[place] = (all[place] ?? 0) + used));
        }
        expectUsed(foot[0]?.cells ?? [], all, "the total");
      }
      const used = [...books].filter(([, each]) => each.some((one) => one !== 0)).map(([name]) => name);
      expect(used.filter((name) => !seen.has(name))).toEqual([]);
    });
  }
});

/** A measure is no money: it's added up as floating point is. */
function expectUsed(cells: readonly Cell[], each: readonly number[], what: string): void {
  const [total, ...others] = cells.map(({ value }) => Number(value));
  const wanted = each.reduce((all, one) => all + one, 0);
  const isNear = (one: number, other: number) => Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other));
  expect(isNear(total ?? Number.NaN, wanted), `${what}: ${total} for ${wanted}`).toBe(true);
  const pairs = others.map((one, place) => [one, each[place] ?? Number.NaN] as const);
  expect(pairs.filter(([one, other]) => !isNear(one, other)), what).toEqual([]);
}

/** The lines of a table by name: exact amounts. */
function byName(page: Page, name: string): Promise<{ lines: [string, string[]][]; foot: string[]; heads: string[] }> {
  return page.getByRole("region", { name, exact: true }).evaluate((region) => {
    const text = (one: Element | null) => one?.firstChild?.textContent?.trim() ?? "";
    const values = (row: Element) =>
      [...row.querySelectorAll("td")].map((one) => {
        const written = one.querySelector("data")?.value ?? (one.title.split(" ")[0] || "0");
        return written;
      });
    const foot = region.querySelector("tfoot tr");
    return {
      heads: [...region.querySelectorAll("thead th")].map((one) => text(one.querySelector("a") ?? one)),
      lines: [...region.querySelectorAll("tbody tr")].map((row) => [text(row.querySelector("th")), values(row)]),
      foot: foot === null ? [] : values(foot),
    };
  });
}

/** Lines by service against the books: each by its name, all others in the one that no service is called. */
function expectServices(lines: readonly [string, string[]][], books: readonly Rounded[], columns: ((of: Rounded[]) => bigint)[]): void {
  const services = new Set(books.map(({ service }) => service));
  const named = new Set(lines.map(([name]) => name));
  for (const [name, values] of lines) {
    const isMine = ({ service }: Rounded) => (services.has(name) ? service === name : !named.has(service));
    const mine = books.filter(isMine);
    expect(values.map(nanos), name).toEqual(columns.map((column) => column(mine)));
  }
  if (lines.every(([name]) => services.has(name))) {
    const columnsOf = (one: Rounded) => columns.some((column) => column([one]) !== 0n);
    expect(books.filter((one) => !named.has(one.service) && columnsOf(one))).toEqual([]);
  }
}

async function expectOverview(page: Page, books: readonly Rounded[]): Promise<void> {
  const of = (period: Period) => (all: readonly Rounded[]) => added(within(all, period));
  const now = { start: "2026-11-01", end: KEPT.end };
  const last = { start: "2026-10-01", end: "2026-11-01" };
  expect(await amount(figure(page, "This month so far"))).toBe(of(now)(books));
  expect(await amount(figure(page, "Last month"))).toBe(of(last)(books));

  // Compared are the days that AWS has finished.
  const [done, same] = [{ start: "2026-11-01", end: "2026-11-23" }, { start: "2026-10-01", end: "2026-10-23" }];
  const [later, earlier] = [of(done)(books), of(same)(books)];
  const change = figure(page, "Change");
  expect(await amount(change)).toBe(later - earlier);
  await expect(change).toContainText(percent(earlier, later).replace(/^[+−]/, ""));
  const moved = await byName(page, "What changed most");
  const differences = [(all: Rounded[]) => of(done)(all) - of(same)(all), of(same), of(done)];
  expectServices(moved.lines, books, differences);
  expect(moved.foot.map(nanos)).toEqual([later - earlier, earlier, later]);

  const months = pieces({ start: "2025-11-01", end: KEPT.end }, "monthly");
  const row = page.getByRole("region", { name: "Thirteen months" }).getByRole("listitem").locator("data");
  const shownMonths = await row.evaluateAll((all) => all.map((one) => (one as HTMLDataElement).value));
  expect(shownMonths.map(nanos)).toEqual(months.map((month) => of(month)(books)));

  const chart = { start: "2026-06-01", end: KEPT.end };
  const columns = [...months.slice(-6), chart];
  const byMonth = await byName(page, "Cost by service and month");
  expectServices(byMonth.lines, within(books, chart), columns.map(of));
  expect(byMonth.foot.map(nanos)).toEqual(columns.map((month) => of(month)(books)));

  await new Chart(page).drawn();
  await page.locator("summary", { hasText: "Every day in numbers" }).click();
  await expect(page.getByRole("table", { name: /^Cost by day and service/ })).toBeVisible();
  const byDay = await byName(page, "Cost by day and service");
  const days = pieces(chart, "daily").reverse();
  // Turned over: a line for each service.
  const [totals, ...services] = byDay.heads.slice(1).map((name, place): [string, string[]] => [
    name,
    byDay.lines.map(([, values]) => values[place] ?? ""),
  ]);
  expect(totals?.[1].map(nanos)).toEqual(days.map((day) => of(day)(books)));
  expectServices(services, within(books, chart), days.map(of));
}

test("the Overview, in metrics and views", { tag: "@any-width" }, async ({ page, aws }) => {
  const dice = new Dice();
  for (const view of VIEWS) {
    const all = Object.keys(METRICS) as Metric[];
    const drawn = dice.below(all.length);
    for (const metric of [all[drawn], all[(drawn + 1 + dice.below(all.length - 1)) % all.length]]) {
      if (metric === undefined) continue;
      await test.step(`seed ${dice.seed}: /?view=${view}&metric=${metric}`, async () => {
        const period = { start: "2025-11-01", end: KEPT.end };
        const books = await read(aws, period, metric, view, view === "used" ? "record_type" : "linked_account");
        await page.goto(`/?view=${view}&metric=${metric}`);
        await expect(heading(page, "Overview")).toBeVisible();
        await expectOverview(page, books);
      });
    }
  }
});
