// The Explorer: what is chosen stands in the address; table, chart and files say the same;
// AWS is asked only after its price was shown.
import { readFile } from "node:fs/promises";
import { expect, test, testWithAws } from "../fixtures";
import { Chart, KINDS } from "../support/chart";
import { GOOD } from "../support/keys";
import { nanos, sum } from "../support/money";
import { connectKey, heading, place, setUp } from "../support/person";
import type { Locator, Page } from "@playwright/test";

/** The table of what is shown. */
function numbers(page: Page): Locator {
  return page.getByRole("region", { name: "Costs by group" });
}

async function show(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Show", exact: true }).click();
}

/** The lines' names in their order, and their totals to the last digit. */
async function lines(page: Page): Promise<{ name: string; total: bigint }[]> {
  const read = await numbers(page)
    .locator("tbody tr, tfoot tr:first-child")
    .evaluateAll((rows) =>
      rows.map((row) => {
        const head = row.querySelector("th");
        const link = head?.querySelector("a:not(.pin)");
        const cell = row.querySelector("td.number--total");
        const data = cell?.querySelector("data");
        return { name: (link ?? head)?.textContent?.trim() ?? "", total: data?.value ?? "0" };
      }),
    );
  return read.map(({ name, total }) => ({ name, total: nanos(total) }));
}

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("what is chosen takes effect at once, and the address keeps it", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Explorer" }).click();
    await expect(heading(page, "Explorer")).toBeVisible();
    await expect(page.getByRole("heading", { name: "By service" })).toBeVisible();
    await page.getByLabel("Period").selectOption("Last 6 months");
    await expect(page).toHaveURL(/period=6-months/);
    await page.getByLabel("Then by").selectOption("Region");
    await expect(page.getByRole("heading", { name: "By service and region" })).toBeVisible();
    // The field that was changed still has the focus.
    await expect(page.getByLabel("Then by")).toBeFocused();
    await expect(numbers(page).getByRole("columnheader")).toHaveText([
      "Service",
      "Region",
      "Total",
      "Over time",
      "Jun 2026",
      "Jul 2026",
      "Aug 2026",
      "Sep 2026",
      "Oct 2026",
      "Nov 2026",
    ]);
    const before = await lines(page);
    expect(sum(before.slice(0, -1).map(({ total }) => total))).toBe(before.at(-1)?.total);
    await page.reload();
    await expect(page.getByLabel("Then by")).toHaveValue("REGION");
    expect(await lines(page)).toEqual(before);
    await page.goBack();
    await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
    await expect(page.getByLabel("Then by")).toHaveValue("");
  });

  test("periods stand side by side, and the page says why they differ", async ({ page }) => {
    await page.goto("/costs");
    await page.getByLabel("Compare with").selectOption("A month ago");
    await expect(page.getByRole("heading", { name: "Why did it change?" })).toBeVisible();
    await expect(numbers(page).getByRole("columnheader", { name: "Difference" })).toBeVisible();
    await expect(page.getByText("Of all that changed:")).toBeVisible();
    // The other period is a line in the chart, and a row: its days add up to its total.
    const legend = page.getByRole("list", { name: "Series in the chart" });
    await expect(legend.getByRole("button", { name: "1–24 Oct 2026" })).toBeVisible();
    const other = numbers(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name: "1–24 Oct 2026" }) });
    const values = await other.locator("data").evaluateAll((all) => all.map((one) => (one as HTMLDataElement).value));
    expect(values).toHaveLength(25);
    expect(sum(values.slice(1).map(nanos))).toBe(nanos(values[0] ?? ""));
    const first = page.locator(".why details").first();
    await first.locator("summary").click();
    await expect(first.getByRole("columnheader", { name: "Because" })).toBeVisible();
    // Turning the order over, twice; the rest stays last.
    const others = (await lines(page)).at(-2)?.name;
    expect(others).toMatch(/others$/);
    const difference = numbers(page).getByRole("link", { name: "Difference" });
    await difference.click();
    await expect(page).toHaveURL(/sort=-change/);
    const falling = await lines(page);
    await difference.click();
    await expect(page).toHaveURL(/sort=change/);
    await expect.poll(async () => (await lines(page)).map(({ name }) => name)).not.toEqual(
      falling.map(({ name }) => name),
    );
    const rising = await lines(page);
    expect(rising.at(-2)?.name).toBe(others);
    // Several didn't change at all and stay as they were; what fell most has a place of its own.
    expect(rising[0]).toEqual(falling.at(-3));
    // A pinned line comes first.
    const last = rising.at(-3)?.name ?? "";
    await numbers(page).getByRole("link", { name: `Pin ${last}`, exact: true }).click();
    await expect.poll(async () => (await lines(page))[0]?.name).toBe(last);
  });

  test("a group leads to what is behind it", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs?period=last-month");
    const all = await lines(page);
    const first = all[0];
    await numbers(page).getByRole("link", { name: first?.name, exact: true }).click();
    await expect(page.getByRole("heading", { name: "By usage type" })).toBeVisible();
    await expect(page.getByText(`Only where service is ${first?.name}.`)).toBeVisible();
    const behind = await lines(page);
    // Another grouping was rounded by itself: by half a nano-unit a row at most.
    const apart = (behind.at(-1)?.total ?? 0n) - (first?.total ?? 0n);
    expect(apart < 100_000n && apart > -100_000n).toBe(true);
    await numbers(page).getByRole("link", { name: behind[0]?.name, exact: true }).click();
    await expect(page.getByRole("heading", { name: "All costs" })).toBeVisible();
  });

  test("filters are ticked, searched, left out and added up", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs?only=REGION");
    await page.getByLabel("eu-west-1").check();
    await expect(page.getByText("Only where region is eu-west-1.")).toBeVisible();
    await expect(page.getByLabel("eu-west-1")).toBeChecked();
    await page.getByLabel("And whose").selectOption("Service");
    await expect(page.getByLabel("Search in values")).toBeVisible();
    await page.getByLabel("Search in values").fill("storage");
    await expect(page.getByLabel("AWS Lambda", { exact: true })).toBeHidden();
    await page.getByLabel("Amazon Simple Storage Service", { exact: true }).check();
    await expect(page.getByText("service is Amazon Simple Storage Service and region is eu-west-1")).toBeVisible();
    await page.getByLabel("Its value").nth(1).selectOption("is none of");
    await expect(page.getByText("service isn’t Amazon Simple Storage Service")).toBeVisible();
  });

  test("each kind of chart is drawn, and its legend switches", async ({ page }) => {
    await page.goto("/costs?period=last-month");
    const chart = new Chart(page);
    await chart.drawn();
    for (const [kind, drawn] of KINDS) {
      await page.getByRole("navigation", { name: "Kind of chart" }).getByRole("link", { name: kind }).click();
      await expect(page).toHaveURL(new RegExp(`chart=${kind.toLowerCase()}`));
      await expect.poll(() => chart.kinds()).toEqual([drawn]);
      await chart.drawn();
      // Also where it is the first that is drawn.
      await page.reload();
      await chart.drawn();
      expect(await chart.kinds()).toEqual([drawn]);
    }
    const entry = page.getByRole("list", { name: "Series in the chart" }).getByRole("button").first();
    await entry.click();
    await expect(entry).toHaveAttribute("aria-pressed", "false");
  });

  test("each unit of what was used has its own place", async ({ page }) => {
    await page.goto("/costs?period=last-month&by=USAGE_TYPE&metric=usage-quantity");
    const units = page.getByRole("navigation", { name: "Currency or unit" }).getByRole("link");
    const overlapping = () =>
      units.evaluateAll((links) => {
        // What is written reaches no further than what can be pressed.
        const wide = links.filter((link) => link.scrollWidth > link.clientWidth);
        const boxes = links.map((link) => link.getBoundingClientRect());
        const over = boxes.filter((one, place) =>
          boxes.some(
            (other, at) =>
              at !== place &&
              one.left < other.right - 0.5 &&
              other.left < one.right - 0.5 &&
              one.top < other.bottom - 0.5 &&
              other.top < one.bottom - 0.5,
          ),
        );
        return [...wide.map((link) => link.textContent), over.length];
      });
    await expect.poll(() => units.count()).toBeGreaterThan(10);
    expect(await overlapping()).toEqual([0]);
    const last = units.last();
    await last.click();
    await expect(last).toHaveAttribute("aria-current", "true");
    await expect(page).toHaveURL(/[?&]unit=/);
  });

  test("a click in the chart leads behind a group or to a day", async ({ page }) => {
    const chart = new Chart(page);
    const click = async (across: number, down: number) => {
      const { x, y } = await chart.at(across, down);
      await page.mouse.click(x, y);
    };
    await page.goto("/costs?period=last-month&chart=treemap");
    await chart.drawn();
    const first = (await lines(page))[0];
    // The largest stands at the left, below the others together, which lead nowhere.
    await click(0.1, 0.2);
    await click(0.1, 0.8);
    await expect(page.getByText(`Only where service is ${first?.name}.`)).toBeVisible();
    await expect(page.getByRole("heading", { name: "By usage type" })).toBeVisible();
    await page.goto("/costs?period=last-month&chart=calendar");
    await chart.drawn();
    await click(0.5, 0.5);
    await expect(page).toHaveURL(/period=days&from=2026-10-\d\d&to=2026-10-\d\d/);
    await expect(page.getByText(/^\d+ Oct 2026, /)).toBeVisible();
  });

  test("files have what is shown, and the picture is one", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs?period=last-month&sort=name");
    const shown = await lines(page);
    await page.getByText("Export", { exact: true }).click();
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV", exact: true }).click(),
    ]);
    expect(csv.suggestedFilename()).toBe("costs-unblended-2026-10-01-2026-10-31.csv");
    const rows = (await readFile(await csv.path(), "utf8")).trim().split("\n").slice(1);
    expect(rows.map((row) => nanos(row.split(",")[2] ?? ""))).toEqual(shown.map(({ total }) => total));
    await new Chart(page).drawn();
    const [png] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "PNG" }).click(),
    ]);
    const head = (await readFile(await png.path())).subarray(1, 4).toString();
    expect([png.suggestedFilename(), head]).toEqual(["costs.png", "PNG"]);
  });

  test("a view is saved, seen first, and deleted", async ({ page }) => {
    await page.goto("/costs?by=REGION&period=last-month");
    await page.getByText("Saved views").click();
    await page.getByLabel("Save what is shown as").fill("Regions, last month");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const item = page.getByRole("listitem").filter({ hasText: "Regions, last month" });
    await expect(item).toBeVisible();
    await item.getByRole("button", { name: "Begin with this" }).click();
    await expect(item.getByText("Seen first")).toBeVisible();
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
    await expect(heading(page, "Overview")).toBeVisible();
    await page.goto("/costs");
    await page.getByText("Saved views").click();
    await item.getByRole("button", { name: "Delete Regions, last month" }).click();
    await expect(item).toBeHidden();
  });

  test("keys lead the way", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs");
    await new Chart(page).drawn();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
    await page.keyboard.press("g");
    await expect(page.getByLabel("Group by")).toBeFocused();
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("o");
    await expect(heading(page, "Overview")).toBeVisible();
    // Who doesn't want them switches them off, for good.
    await page.getByRole("button", { name: "Keys", exact: true }).click();
    await page.getByLabel("These keys work in this browser").uncheck();
    await page.getByRole("button", { name: "Close" }).click();
    await page.reload();
    await new Chart(page).drawn();
    await page.keyboard.press("e");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
    await expect(heading(page, "Overview")).toBeVisible();
    await page.getByRole("button", { name: "Keys", exact: true }).click();
    await expect(page.getByLabel("These keys work in this browser")).not.toBeChecked();
  });

  test("the most lines all have a row, and are put in order", { tag: "@any-width" }, async ({ page }) => {
    const most = "/costs?by=SERVICE&then=USAGE_TYPE&period=12-months&lines=5000";
    await page.goto(most);
    const all = await lines(page);
    expect(sum(all.slice(0, -1).map(({ total }) => total))).toBe(all.at(-1)?.total);
    // As many as the file has, which is made without a page.
    const file = await (await page.request.get(most.replace("?", "/export.csv?"))).text();
    const rows = file.trim().split("\n").length - 1;
    expect(rows).toBeGreaterThan(100);
    expect(all).toHaveLength(rows);
    await expect(numbers(page).getByRole("rowheader", { name: /others$/ })).toHaveCount(0);

    await numbers(page).getByRole("link", { name: "Total", exact: true }).click();
    await expect(page).toHaveURL(/sort=-total/);
    const totals = async () => (await lines(page)).slice(0, -1).map(({ total }) => total);
    const falling = all.slice(0, -1).map(({ total }) => total).sort((one, other) => (one < other ? 1 : one > other ? -1 : 0));
    await expect.poll(totals).toEqual(falling);
    await numbers(page).getByRole("link", { name: "Total", exact: true }).click();
    await expect(page).toHaveURL(/sort=total/);
    await expect.poll(totals).toEqual([...falling].reverse());
    await numbers(page).getByRole("link", { name: "Service", exact: true }).click();
    await expect(page).toHaveURL(/sort=name/);
    const names = async () => (await lines(page)).slice(0, -1).map(({ name }) => name);
    await expect.poll(names).toEqual((await names()).sort());
    expect(await lines(page)).toHaveLength(rows);
  });

  test("a tag is asked for, comes, and is forgotten", async ({ page }) => {
    await page.goto("/costs");
    await expect(heading(page, "Explorer")).toBeVisible();
    await page.getByLabel("Group by").selectOption("A tag…");
    await page.getByLabel("Its key or name").first().fill("Team");
    await show(page);
    await expect(page.getByRole("heading", { name: "AWS has to be asked for this" })).toBeVisible();
    await page.getByRole("button", { name: "Ask AWS — free here" }).click();
    await expect(numbers(page).getByRole("rowheader", { name: "No tag Team" })).toBeVisible({ timeout: 30_000 });
    const asked = page.getByRole("listitem").filter({ hasText: "By tag Team" });
    await expect(asked).toContainText("As of");
    await asked.getByText("Forget", { exact: true }).click();
    await asked.getByRole("button", { name: "Forget it" }).click();
    await expect(page.getByRole("heading", { name: "AWS has to be asked for this" })).toBeVisible();
    await expect(asked).toBeHidden();
  });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, begin: "with costs" });

  test("period, metric, keys and order are forms and links", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs");
    await page.getByLabel("Period").selectOption("Last 3 months");
    await page.getByLabel("Compare with").selectOption("The period before");
    await page.getByLabel("Group by").selectOption("Region");
    await page.getByLabel("Metric").selectOption("Net amortized");
    await show(page);
    await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
    await expect(page.getByText("Net amortized cost")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Why did it change?" })).toBeVisible();
    const region = numbers(page).getByRole("columnheader").filter({ hasText: "Region" });
    await region.getByRole("link", { name: "Region" }).click();
    await expect(region).toHaveAttribute("aria-sort", "ascending");
    await expect(numbers(page).locator("tfoot tr").first()).toBeVisible();
    const names = (await lines(page)).slice(0, -2).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    await page.getByText("Saved views").click();
    await page.getByLabel("Save what is shown as").fill("By name");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    expect(place(page)).toContain("sort=name");
  });

  test("asking by a form", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs?by=COST_CATEGORY&by_name=Department");
    await expect(page.getByLabel("Group by")).toHaveValue("COST_CATEGORY:Department");
    await page.getByRole("button", { name: "Ask AWS — free here" }).click();
    // The page reloads by itself until the answer is there.
    await expect(numbers(page).getByRole("rowheader", { name: "Product" })).toBeVisible({ timeout: 30_000 });
    expect(place(page)).toContain("by_name=Department");
  });
});

testWithAws("the price is shown before, and is what is paid", async ({ page, aws }) => {
  await setUp(page);
  await connectKey(page, GOOD, "Production");
  const before = (await aws.requests()).length;
  await page.goto("/costs?by=TAG:Team");
  const ask = page.getByRole("button", { name: "Ask AWS — $0.01 a page" });
  await expect(ask).toBeVisible();
  expect((await aws.requests()).length).toBe(before);
  await ask.click();
  await expect(numbers(page)).toBeVisible({ timeout: 30_000 });
  expect((await aws.requests()).length).toBe(before + 1);
  await page.goto("/");
  await expect(page.getByText("A refresh takes about 6 requests: $0.06.")).toBeVisible();
});
