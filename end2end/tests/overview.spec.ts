// The Overview, when all costs are there: figures, chart and tables say the same,
// and the chart answers.
import { expect, test } from "../fixtures";
import { Chart } from "../support/chart";
import { amount, amounts, changed, figure, nanos, sum, table } from "../support/money";
import { heading, place, synced } from "../support/person";

// Where nothing moves, what is painted once is all there is to be read.
test.use({ begin: "with costs", contextOptions: { reducedMotion: "reduce" } });

test("figures and tables say the same, to the last digit", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/");
  await synced(page);
  const now = await amount(figure(page, "This month so far"));
  const before = await amount(figure(page, "Last month"));

  const months = await table(page, /^Cost by service and month/);
  expect(months.heads.map((head) => head.replace(/\s+/g, " ").trim())).toEqual([
    "Service",
    "Jun 2026",
    "Jul 2026",
    "Aug 2026",
    "Sep 2026",
    "Oct 2026",
    "Nov 2026 so far",
    "Total",
  ]);
  expect(months.lines).toHaveLength(9);
  for (const line of [...months.lines, months.totals]) {
    expect(sum(line.slice(0, -1))).toBe(line.at(-1));
  }
  months.totals.forEach((total, column) => {
    expect(sum(months.lines.map((line) => line[column] ?? 0n))).toBe(total);
  });
  expect(months.totals.at(-2)).toBe(now);
  expect(months.totals.at(-3)).toBe(before);

  // Day by day: the first column is the total, the others are the services.
  await new Chart(page).drawn();
  await page.locator("summary", { hasText: "Every day in numbers" }).click();
  const days = page.getByRole("table", { name: /^Cost by day and service/ });
  await expect(days).toBeVisible();
  const rows = await days.locator("tbody tr").evaluateAll((lines) =>
    lines.map((line) => ({
      day: line.querySelector("th")?.firstChild?.textContent ?? "",
      cells: [...line.querySelectorAll("td")].map(
        (cell) => cell.title.split(" ")[0] || "0",
      ),
    })),
  );
  expect(rows).toHaveLength(30 + 31 + 31 + 30 + 31 + 24);
  expect(rows[0]?.day).toBe("24 Nov 2026");
  const exact = rows.map(({ day, cells }) => ({ day, cells: cells.map(nanos) }));
  for (const { day, cells } of exact) {
    expect(sum(cells.slice(1)), day).toBe(cells[0]);
  }
  const of = (month: string) =>
    sum(exact.filter(({ day }) => day.endsWith(month)).map(({ cells }) => cells[0] ?? 0n));
  expect(of("Nov 2026")).toBe(now);
  expect(of("Oct 2026")).toBe(before);

  // Compared are the days that are finished, with the same days of last month.
  const until22nd = (month: string) =>
    sum(
      exact
        .filter(({ day }) => day.endsWith(month) && Number.parseInt(day, 10) <= 22)
        .map(({ cells }) => cells[0] ?? 0n),
    );
  const change = figure(page, "Change");
  await expect(change).toContainText("1–22 Nov 2026 against 1–22 Oct 2026");
  await expect(change).toContainText("Without 23–24 Nov 2026");
  expect(await amount(change)).toBe(until22nd("Nov 2026") - until22nd("Oct 2026"));
  const moved = await table(page, "What changed most");
  expect(moved.lines).toHaveLength(4);
  for (const [difference, was, is] of [...moved.lines, moved.totals]) {
    expect(difference).toBe((is ?? 0n) - (was ?? 0n));
  }
  moved.totals.forEach((total, column) => {
    expect(sum(moved.lines.map((line) => line[column] ?? 0n))).toBe(total);
  });
  expect(moved.totals.slice(1)).toEqual([until22nd("Oct 2026"), until22nd("Nov 2026")]);
});

test("thirteen months stand side by side, this one with what is expected", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/");
  const months = page.getByRole("region", { name: "Thirteen months" }).getByRole("listitem");
  await expect(months).toHaveCount(13);
  expect(await amount(months.last())).toBe(await amount(figure(page, "This month so far")));
  await expect(months.last()).toContainText("so far");
  expect(await amount(months.nth(11))).toBe(await amount(figure(page, "Last month")));
  await expect(months.first()).toContainText("Nov 2025");
});

test("each view is chosen, explained and kept in the address", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/");
  const console = await amount(figure(page, "This month so far"));
  const view = page.getByLabel("View", { exact: true });
  await view.selectOption({ label: "What we used" });
  await changed(figure(page, "This month so far"), console);
  expect(place(page)).toContain("view=used");
  await expect(page.getByText(/^Without credits, refunds and tax\./)).toBeVisible();
  const used = await amount(figure(page, "This month so far"));
  const months = await table(page, /^Cost by service and month/);
  expect(months.totals.at(-2)).toBe(used);

  // The forecast is of the same costs, and its page too.
  const ahead = figure(page, "Expected by the end of November");
  await expect(ahead).toContainText("Our own forecast.");
  const [expected] = await amounts(ahead);
  await ahead.getByRole("link", { name: "Day by day" }).click();
  await expect(heading(page, "Forecast")).toBeVisible();
  expect(place(page)).toContain("view=used");
  const there = page.getByRole("term").filter({ hasText: "Expected by the end of the month" });
  expect((await amounts(page.locator("div.figure", { has: there })))[0]).toBe(expected);

  await page.goto("/?view=paid");
  await expect(view.locator("option:checked")).toHaveText("What we pay");
});

test("shown amounts are the exact ones, rounded to the cent", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/");
  const shown = await page.locator("main data").evaluateAll((all) =>
    all.map((one) => ({
      exact: (one as HTMLDataElement).value,
      title: one.getAttribute("title"),
      text: one.textContent ?? "",
    })),
  );
  expect(shown.length).toBeGreaterThan(60);
  for (const { exact, title, text } of shown) {
    expect(title).toBe(`${exact} USD`);
    expect(text).toMatch(/^[+−]?\$\d{1,3}(,\d{3})*\.\d\d$/);
    const cents = nanos(text.replace(/[$,+]/g, "").replace("−", "-"));
    const difference = cents - nanos(exact);
    expect(difference <= 5_000_000n && difference >= -5_000_000n, `${text} for ${exact}`).toBe(true);
  }
});

test("pointing at a day tells its costs", async ({ page, isMobile }) => {
  await Chart.listen(page);
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const there = await chart.at(0.5, 0.4);
  const point = () =>
    isMobile ? page.touchscreen.tap(there.x, there.y) : page.mouse.move(there.x, there.y);
  const text = await chart.paints(point, /^\d{1,2} \w{3} 2026$/m);
  expect(text).toMatch(/^\$[\d,]+\.\d\d in all$/m);
  expect(text).toContain("Amazon Elastic Compute Cloud");

  // What it says is what the table says.
  const day = /^\d{1,2} \w{3} 2026$/m.exec(text)?.[0] ?? "";
  const total = /^(\$[\d,]+\.\d\d) in all$/m.exec(text)?.[1] ?? "";
  await page.locator("summary", { hasText: "Every day in numbers" }).click();
  const row = page.getByRole("row", { name: new RegExp(`^${day}`) });
  await expect(row.getByRole("cell").first()).toHaveText(total);
});

test("the legend switches a service off and on", async ({ page }) => {
  await Chart.listen(page);
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const { button, colour } = await chart.entry(0);
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => chart.ink(colour)).toBeGreaterThan(500);
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await expect.poll(() => chart.ink(colour)).toBe(0);
  // By keyboard, back on.
  await button.press("Enter");
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => chart.ink(colour)).toBeGreaterThan(500);
});

test("a service that is off isn't counted when pointing", async ({ page, isMobile }) => {
  await Chart.listen(page);
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const { button, colour } = await chart.entry(0);
  await button.click();
  await expect.poll(() => chart.ink(colour)).toBe(0);
  const there = await chart.at(0.5, 0.6);
  const point = () =>
    isMobile ? page.touchscreen.tap(there.x, there.y) : page.mouse.move(there.x, there.y);
  const text = await chart.paints(point, /of what is shown$/m);
  expect(text).not.toContain("Amazon Elastic Compute Cloud");
});

test("zooming by button shows fewer days", async ({ page }) => {
  await Chart.listen(page);
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const days = page.getByRole("group", { name: "Days in view" });
  const last30 = days.getByRole("button", { name: "Last 30 days" });
  const all = days.getByRole("button", { name: "All" });
  await expect(all).toHaveAttribute("aria-pressed", "true");
  const close = await chart.paints(() => last30.click(), /^2\d Nov$/m);
  await expect(last30).toHaveAttribute("aria-pressed", "true");
  await expect(all).toHaveAttribute("aria-pressed", "false");
  expect(close).not.toMatch(/ (Jun|Jul|Aug|Sep)$/m);
  const wide = await chart.paints(() => all.click(), / Jun$/m);
  expect(wide).toMatch(/ Sep$/m);
});

test("zooming by hand is the person's own view", { tag: "@any-width" }, async ({ page }) => {
  await Chart.listen(page);
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const days = page.getByRole("group", { name: "Days in view" });
  const all = days.getByRole("button", { name: "All" });

  // Ctrl and the wheel, over the bars.
  const bars = await chart.at(0.75, 0.4);
  await page.mouse.move(bars.x, bars.y);
  await page.keyboard.down("Control");
  const closer = await chart.paints(() => page.mouse.wheel(0, -400), / (Oct|Nov)$/m);
  await page.keyboard.up("Control");
  await expect(all).toHaveAttribute("aria-pressed", "false");
  expect(closer).not.toMatch(/^1 Jun$/m);
  await chart.paints(() => all.click(), / Jun$/m);
  await expect(all).toHaveAttribute("aria-pressed", "true");

  // The slider's left end, dragged to its middle.
  const end = await chart.sliderEnd();
  const middle = await chart.at(0.5, 0);
  await page.mouse.move(end.x, end.y);
  await page.mouse.down();
  await chart.paints(() => page.mouse.move(middle.x, end.y, { steps: 5 }), / (Sep|Oct)$/m);
  await page.mouse.up();
  await expect(all).toHaveAttribute("aria-pressed", "false");
});

test("the chart stays inside its frame whatever the window's size", async ({ page }) => {
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const sizes = [
    { width: 700, height: 900 },
    { width: 390, height: 844 },
    { width: 1100, height: 700 },
  ];
  for (const size of sizes) {
    await page.setViewportSize(size);
    await expect
      .poll(async () => {
        const [frame, canvas] = [await chart.frame.boundingBox(), await chart.canvas.boundingBox()];
        return frame !== null && canvas !== null && Math.abs(frame.width - canvas.width) < 1.5;
      })
      .toBe(true);
    const right = await chart.frame.evaluate((frame) => frame.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(size.width);
    await chart.drawn();
  }
});

test("light and dark follow the system while the page is open", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const chart = new Chart(page);
  await chart.drawn();
  const light = await chart.entry(0);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await chart.entry(0);
  expect(dark.colour).not.toBe(light.colour);
  await expect.poll(() => chart.ink(dark.colour)).toBeGreaterThan(500);
  await expect.poll(() => chart.ink(light.colour)).toBe(0);
});

test("the page's address holds the choice, and going back goes back", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/");
  const unblended = await amount(figure(page, "This month so far"));
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  const metric = page.getByLabel("Metric");
  await metric.selectOption({ label: "Amortized" });
  await changed(figure(page, "This month so far"), unblended);
  expect(place(page)).toContain("metric=amortized");
  await page.goBack();
  await expect.poll(() => amounts(figure(page, "This month so far"))).toEqual([unblended]);
  await expect(metric).toHaveValue("unblended");
  expect(await page.evaluate(() => "untouched" in window)).toBe(true);

  await page.goto("/?metric=net-amortized");
  await expect(page.getByLabel("Metric").locator("option:checked")).toHaveText("Net amortized");
  await expect(heading(page, "Overview")).toBeVisible();
});

test("a chart that can't be loaded says so, and the tables are there", { tag: "@any-width" }, async ({
  page,
  complaints,
}) => {
  complaints.expect(/ERR_FAILED/);
  // Its program, and its numbers.
  for (const part of ["**/pkg/echarts*", "**/api/costs/chart*"]) {
    await page.route(part, (route) => route.abort("failed"));
    await page.goto("/");
    await expect(page.getByText(/The chart couldn’t be loaded/)).toBeVisible();
    const months = await table(page, /^Cost by service and month/);
    expect(months.totals).toHaveLength(7);
    await page.unroute(part);
  }
});
