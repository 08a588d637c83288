// Every control of Explorer and Overview once with a pointer and once with keys alone: the
// address says what was chosen, and the numbers follow.
import { expect, test } from "../fixtures";
import { Chart, KINDS } from "../support/chart";
import { type Hands, Keyboard, Pointer } from "../support/hands";
import { amount, amounts, changed, figure, nanos, sum } from "../support/money";
import { heading } from "../support/person";
import type { Locator, Page } from "@playwright/test";

// Where nothing moves, what is painted once is all there is to be read.
test.use({ begin: "with costs", contextOptions: { reducedMotion: "reduce" } });

const WAYS: [string, (page: Page) => Hands][] = [
  ["pointer", () => new Pointer()],
  ["keys", (page) => new Keyboard(page)],
];

/** The Explorer's table. */
function numbers(page: Page): Locator {
  return page.getByRole("region", { name: "Costs by group" });
}

/** What all lines come to: every digit, as the page has it. */
async function total(page: Page): Promise<string> {
  return (await numbers(page).locator("tfoot tr:first-child td.number--total data").getAttribute("value")) ?? "";
}

/** The Explorer's sentence about what is counted. */
function said(page: Page, words: string): Locator {
  return page.locator("p.muted", { hasText: words });
}

/** The lines that can be pinned: all but the rest and the totals. */
function lines(page: Page): Locator {
  return numbers(page).locator("tbody tr").filter({ has: page.locator("a.pin") });
}

function link(inside: Locator, name: string): Locator {
  return inside.getByRole("link", { name, exact: true });
}

/** One of several links side by side, of which one is the present one. */
async function turnTo(hands: Hands, page: Page, of: Locator, name: string, address: RegExp): Promise<void> {
  await hands.press(link(of, name));
  await expect(page).toHaveURL(address);
  await expect(link(of, name)).toHaveAttribute("aria-current", "true");
}

/** Draws over the slider, and follows the link to what is in view then. */
async function closer(page: Page, hands: Hands): Promise<void> {
  const all = nanos(await total(page));
  const chart = new Chart(page);
  await chart.drawn();
  const [left, right] = [await chart.at(0.4, 1), await chart.at(0.7, 1)];
  await page.mouse.move(left.x, left.y - 14);
  await page.mouse.down();
  await page.mouse.move(right.x, right.y - 14, { steps: 5 });
  await page.mouse.up();
  const look = page.getByRole("link", { name: /^Look at \d+–\d+ Oct 2026$/ });
  await expect(look).toBeVisible();
  const days = (await look.innerText()).replace("Look at ", "");
  await hands.press(look);
  await expect(page).toHaveURL(/[?&]period=days&from=2026-10-\d\d&to=2026-10-\d\d/);
  await expect(said(page, `${days}, days in UTC`)).toBeVisible();
  await expect.poll(async () => nanos(await total(page)) < all).toBe(true);
  await page.goBack();
  await expect(said(page, "1–31 Oct 2026, days in UTC")).toBeVisible();
  await expect.poll(async () => nanos(await total(page))).toBe(all);
}

async function chartAndTable(page: Page, hands: Hands): Promise<void> {
  const chart = new Chart(page);
  const columns = numbers(page).getByRole("columnheader");
  const all = await total(page);

  const cut = page.getByRole("navigation", { name: "Cut into" });
  const pieces = [
    ["Weeks", "weekly", /^26–31 Oct 2026/],
    ["Months", "monthly", /^Total$/],
    ["Days", "daily", /^31 Oct/],
  ] as const;
  for (const [name, slug, last] of pieces) {
    await turnTo(hands, page, cut, name, new RegExp(`[?&]step=${slug}(&|$)`));
    await expect(columns.last()).toHaveText(last);
    expect(await total(page)).toBe(all);
  }

  const counts = page.getByRole("navigation", { name: "The largest, each with a line of its own" });
  await turnTo(hands, page, counts, "5", /[?&]lines=5(&|$)/);
  await expect(lines(page)).toHaveCount(5);
  await turnTo(hands, page, counts, "15", /[?&]lines=15(&|$)/);
  await expect.poll(() => lines(page).count()).toBeGreaterThan(8);
  expect(await total(page)).toBe(all);

  // With keys alone one enters the days, below.
  await closer(page, hands);

  const kinds = page.getByRole("navigation", { name: "Kind of chart" });
  for (const [name, drawn] of KINDS) {
    await turnTo(hands, page, kinds, name, new RegExp(`[?&]chart=${name.toLowerCase()}(&|$)`));
    await expect.poll(() => chart.kinds()).toEqual([drawn]);
  }
  const entry = page.getByRole("list", { name: "Series in the chart" }).getByRole("button").first();
  await hands.press(entry);
  await expect(entry).toHaveAttribute("aria-pressed", "false");
  await hands.press(entry);
  await expect(entry).toHaveAttribute("aria-pressed", "true");
}

async function counting(page: Page, hands: Hands): Promise<void> {
  const all = await total(page);
  const view = page.getByLabel("View", { exact: true });
  await hands.choose(view, "What we used");
  await expect(page).toHaveURL(/[?&]view=used(&|$)/);
  await expect(said(page, "Unblended cost; what we used.")).toBeVisible();
  await expect.poll(() => total(page)).not.toBe(all);
  await hands.choose(view, "As the console shows it");
  await expect(page).not.toHaveURL(/[?&]view=/);
  await expect.poll(() => total(page)).toBe(all);

  const metric = page.getByLabel("Metric");
  await hands.choose(metric, "Amortized");
  await expect(page).toHaveURL(/[?&]metric=amortized(&|$)/);
  await expect(said(page, "Amortized cost; as the console shows it.")).toBeVisible();
  await expect.poll(() => total(page)).not.toBe(all);

  // Usage is in several units, which aren't added up.
  const by = page.getByLabel("Group by");
  await hands.choose(by, "Usage type");
  await expect(page.getByRole("heading", { name: "By usage type" })).toBeVisible();
  await hands.choose(metric, "Usage quantity");
  await expect(page).toHaveURL(/[?&]metric=usage-quantity(&|$)/);
  const units = page.getByRole("navigation", { name: "Currency or unit" });
  const other = units.locator("a:not([aria-current])").first();
  const unit = await other.innerText();
  const before = await total(page);
  await turnTo(hands, page, units, unit, /[?&]unit=/);
  await expect(link(numbers(page).getByRole("columnheader"), unit)).toBeVisible();
  expect(await total(page)).not.toBe(before);
  await hands.choose(metric, "Unblended");
  await expect(units).toBeHidden();
  await expect.poll(() => total(page)).not.toBe(before);
  await hands.choose(by, "Service");
  await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
  await expect.poll(() => total(page)).toBe(all);

  const then = page.getByLabel("Then by");
  await hands.choose(then, "Account");
  await expect(page).toHaveURL(/[?&]then=LINKED_ACCOUNT(&|$)/);
  await expect(page.getByRole("heading", { name: "By service and account" })).toBeVisible();
  expect(await total(page)).toBe(all);
  await hands.choose(then, "Nothing");
  await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();

  // What has a name of its own, and has to be asked for.
  await hands.choose(by, "A cost category…");
  await hands.write(page.getByLabel("Its key or name").first(), "Department");
  await hands.press(page.getByRole("button", { name: "Show", exact: true }));
  await expect(page).toHaveURL(/[?&]by=COST_CATEGORY%3ADepartment(&|$)/);
  await expect(page.getByRole("heading", { name: "AWS has to be asked for this" })).toBeVisible();
  await hands.choose(by, "Service");
  await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
}

async function periods(page: Page, hands: Hands): Promise<void> {
  const compare = page.getByLabel("Compare with");
  const columns = numbers(page).getByRole("columnheader");
  await hands.choose(compare, "The period before");
  await expect(page).toHaveURL(/[?&]compare=before(&|$)/);
  await expect(columns.filter({ hasText: "1–30 Sep 2026" })).toBeVisible();
  const reason = page.locator(".why details").first();
  await hands.press(reason.locator("summary"));
  await expect(reason.getByRole("columnheader", { name: "Because" })).toBeVisible();
  await hands.choose(compare, "From … to …");
  await hands.enter(page.getByLabel("First day").last(), "2026-08-08");
  await hands.enter(page.getByLabel("Last day").last(), "2026-09-09");
  await expect(page).toHaveURL(/[?&]compare=days&compare_from=2026-08-08&compare_to=2026-09-09(&|$)/);
  await expect(columns.filter({ hasText: "8 Aug – 9 Sep 2026" })).toBeVisible();

  for (const [name, address, order] of [
    ["Total", /[?&]sort=-total(&|$)/, "descending"],
    ["8 Aug – 9 Sep 2026", /[?&]sort=-before(&|$)/, "descending"],
    ["Difference", /[?&]sort=-change(&|$)/, "descending"],
    ["Percent", /[?&]sort=-percent(&|$)/, "descending"],
    ["Service", /[?&]sort=name(&|$)/, "ascending"],
  ] as const) {
    const head = columns.filter({ hasText: name });
    await hands.press(link(head, name));
    await expect(page).toHaveURL(address);
    await expect(head).toHaveAttribute("aria-sort", order);
  }
  const last = (await lines(page).last().locator("a:not(.pin)").innerText()).trim();
  await hands.press(link(numbers(page), `Pin ${last}`));
  await expect(page).toHaveURL(/[?&]pin=/);
  await expect(lines(page).first().locator("a:not(.pin)")).toHaveText(last);
  await hands.press(link(numbers(page), `Unpin ${last}`));
  await expect(page).not.toHaveURL(/[?&]pin=/);
  await hands.choose(compare, "Nothing");
  await expect(columns.filter({ hasText: "Difference" })).toBeHidden();

  const period = page.getByLabel("Period", { exact: true });
  await hands.choose(period, "From … to …");
  await hands.enter(page.getByLabel("First day").first(), "2026-10-10");
  await hands.enter(page.getByLabel("Last day").first(), "2026-11-11");
  await expect(page).toHaveURL(/[?&]period=days&from=2026-10-10&to=2026-11-11(&|$)/);
  await expect(said(page, "10 Oct – 11 Nov 2026, days in UTC")).toBeVisible();
  // Too many days for a column each.
  await hands.press(page.locator("summary", { hasText: "Every day in numbers" }));
  const every = page.getByRole("region", { name: "Every day in numbers" });
  await expect(every.locator("tbody tr")).toHaveCount(33);
  await expect(every.locator("tfoot data").first()).toHaveAttribute("value", await total(page));
  await hands.choose(period, "Last month");
  await expect(page).toHaveURL(/[?&]period=last-month(&|$)/);
  await expect(said(page, "1–31 Oct 2026, days in UTC")).toBeVisible();
}

async function filters(page: Page, hands: Hands): Promise<void> {
  const storage = "Amazon Simple Storage Service";
  const all = nanos(await total(page));
  await hands.press(page.locator("summary", { hasText: /^Filters/ }));
  const key = page.getByLabel("Only costs whose");
  await hands.choose(key, "Service");
  await expect(page).toHaveURL(/[?&]only=SERVICE(&|$)/);
  await hands.write(page.getByLabel("Search in values"), "storage");
  await expect(page.getByLabel("AWS Lambda", { exact: true })).toBeHidden();
  await hands.press(page.getByLabel(storage, { exact: true }));
  await expect(said(page, `Only where service is ${storage}.`)).toBeVisible();
  await expect(page).toHaveURL(/[?&]values=Amazon%20Simple%20Storage%20Service(&|$)/);
  const one = nanos(await total(page));
  await hands.choose(page.getByLabel("Its value").first(), "is none of");
  await expect(page).toHaveURL(/[?&]how=not(&|$)/);
  await expect(said(page, `Only where service isn’t ${storage}.`)).toBeVisible();
  expect(one + nanos(await total(page))).toBe(all);
  await hands.write(page.getByLabel("Other values"), "AWS Lambda of old");
  await expect(page).toHaveURL(/[?&]values=AWS%20Lambda%20of%20old%0AAmazon/);
  await expect(said(page, "AWS Lambda of old")).toBeVisible();
  await hands.choose(key, "Nothing");
  await expect(page).not.toHaveURL(/[?&]only=/);
  await expect(key).toBeHidden();
  await expect.poll(async () => nanos(await total(page))).toBe(all);

  // A line leads to what is behind it.
  const first = lines(page).first().locator("a:not(.pin)");
  const name = (await first.innerText()).trim();
  await hands.press(first);
  await expect(page.getByRole("heading", { name: "By usage type" })).toBeVisible();
  await expect(said(page, `Only where service is ${name}.`)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
}

async function keeping(page: Page, hands: Hands): Promise<void> {
  await hands.press(page.locator("summary", { hasText: "Saved views" }));
  await hands.write(page.getByLabel("Save what is shown as"), "What I look at");
  await hands.press(page.getByRole("button", { name: "Save", exact: true }));
  const item = page.getByRole("listitem").filter({ hasText: "What I look at" });
  await expect(link(item, "What I look at")).toHaveAttribute("href", /^\/costs\?/);
  await hands.press(item.getByRole("button", { name: "Begin with this" }));
  await expect(item.getByText("Seen first")).toBeVisible();
  await hands.press(item.getByRole("button", { name: "Begin with the Overview again" }));
  await expect(item.getByText("Seen first")).toBeHidden();
  await hands.press(item.getByRole("button", { name: "Delete What I look at" }));
  await expect(item).toBeHidden();

  await hands.press(page.locator("summary", { hasText: "Export" }));
  // The picture is of the chart.
  await new Chart(page).drawn();
  const files = [
    [page.getByRole("link", { name: "CSV", exact: true }), /\.csv$/],
    [page.getByRole("link", { name: "JSON", exact: true }), /\.json$/],
    [page.getByRole("button", { name: "PNG", exact: true }), /^costs\.png$/],
    [page.getByRole("link", { name: "FOCUS 1.2", exact: true }), /\.csv$/],
  ] as const;
  for (const [control, name] of files) {
    const [file] = await Promise.all([page.waitForEvent("download"), hands.press(control)]);
    expect(file.suggestedFilename()).toMatch(name);
  }

  const steps = page.getByRole("region", { name: "From usage to the total" });
  await hands.press(steps.locator("summary").first());
  await expect(steps.getByRole("table").first()).toBeVisible();
}

/** What stands at the end of every page. */
async function pageEnd(page: Page, hands: Hands): Promise<void> {
  const exact = page.getByLabel("Exact amounts");
  await hands.press(exact);
  await expect(exact).toBeChecked();
  await hands.press(page.getByRole("button", { name: "Keys", exact: true }));
  const keys = page.getByRole("dialog", { name: "Keys" });
  const work = keys.getByLabel("These keys work in this browser");
  await expect(work).toBeChecked();
  await hands.press(work);
  await expect(work).not.toBeChecked();
  await hands.press(keys.getByRole("button", { name: "Close" }));
  await expect(keys).toBeHidden();
}

async function overview(page: Page, hands: Hands): Promise<void> {
  const now = figure(page, "This month so far");
  const usual = await amount(now);
  const view = page.getByLabel("View", { exact: true });
  await hands.choose(view, "What we used");
  await expect(page).toHaveURL(/[?&]view=used(&|$)/);
  await changed(now, usual);
  await expect(page.getByText(/^Without credits, refunds and tax\./)).toBeVisible();
  await hands.choose(view, "As the console shows it");
  await expect.poll(() => amounts(now)).toEqual([usual]);
  await hands.choose(page.getByLabel("Metric"), "Amortized");
  await expect(page).toHaveURL(/[?&]metric=amortized(&|$)/);
  await changed(now, usual);
  const amortized = await amount(now);

  const chart = new Chart(page);
  await chart.drawn();
  // What was drawn may be the usual metric still.
  await expect(page.locator(".chart-place[aria-busy]")).toHaveAttribute("aria-busy", "false");
  const days = page.getByRole("group", { name: "Days in view" });
  for (const name of ["Last 30 days", "Last 90 days", "All"]) {
    const button = days.getByRole("button", { name });
    await hands.press(button);
    await expect(button).toHaveAttribute("aria-pressed", "true");
    await expect(days.locator("[aria-pressed=true]")).toHaveCount(1);
  }
  const { button: entry } = await chart.entry(0);
  await hands.press(entry);
  await expect(entry).toHaveAttribute("aria-pressed", "false");
  await hands.press(entry);
  await expect(entry).toHaveAttribute("aria-pressed", "true");
  await hands.press(page.locator("summary", { hasText: "Every day in numbers" }));
  const daily = page.getByRole("table", { name: /^Cost by day and service/ });
  await expect(daily).toBeVisible();
  const totals = await daily
    .locator("tbody tr", { has: page.locator("th", { hasText: "Nov 2026" }) })
    .evaluateAll((rows) => rows.map((row) => row.querySelector("td")?.title.split(" ")[0] || "0"));
  expect(sum(totals.map(nanos))).toBe(amortized);

  await hands.press(link(page.getByRole("table", { name: /^Cost by service and month/ }), "Oct 2026"));
  await expect(heading(page, "Explorer")).toBeVisible();
  await expect(page).toHaveURL(/[?&]metric=amortized(&|$)/);
  await expect(said(page, "1–31 Oct 2026, days in UTC. Amortized cost")).toBeVisible();
  await page.goBack();
  await hands.press(page.getByRole("link", { name: "Day by day" }));
  await expect(heading(page, "Forecast")).toBeVisible();
  await expect(page).toHaveURL(/[?&]metric=amortized(&|$)/);
  await page.goBack();
  await expect.poll(() => amounts(now)).toEqual([amortized]);
}

async function refresh(page: Page, hands: Hands): Promise<void> {
  const asOf = page.getByText(/^As of \d+ \w+ \d{4}, \d\d:\d\d UTC\. The last refresh took /);
  const before = await asOf.innerText();
  // As a form without scripts it would bring a new page.
  await hands.press(page.locator(".late > :not(.still)").getByRole("button", { name: "Refresh", exact: true }));
  await expect.poll(async () => (await asOf.allInnerTexts()).join() || before, { timeout: 60_000 }).not.toBe(before);
}

for (const [name, take] of WAYS) {
  const parts = { "chart and table": chartAndTable, "how it counts": counting, periods, filters, "views and files": keeping };
  for (const [part, work] of Object.entries(parts)) {
    test(`controls of the Explorer by ${name}: ${part}`, async ({ page }) => {
      await page.goto("/costs?period=last-month");
      await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
      await work(page, take(page));
    });
  }

  test(`a chart that was a calendar first can be looked at closely as bars by ${name}`, async ({ page }) => {
    await page.goto("/costs?period=last-month&chart=calendar");
    const chart = new Chart(page);
    await expect.poll(() => chart.kinds()).toEqual(["heatmap"]);
    await take(page).press(link(page.getByRole("navigation", { name: "Kind of chart" }), "Bars"));
    await expect.poll(() => chart.kinds()).toEqual(["bar"]);
    await closer(page, take(page));
  });

  test(`controls of the Explorer by ${name}: the page's end`, async ({ page }) => {
    await page.goto("/costs?period=last-month");
    await pageEnd(page, take(page));
  });

  test(`every control of the Overview, by ${name}`, async ({ page }) => {
    const hands = take(page);
    await page.goto("/");
    await test.step("figures, chart and tables", () => overview(page, hands));
    await test.step("the page's end", () => pageEnd(page, hands));
    await test.step("the refresh", () => refresh(page, hands));
  });
}
