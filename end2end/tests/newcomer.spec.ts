// What a newcomer does: from an empty server to this month's cost, with nothing
// but a browser.
import { expect, test, TODAY } from "../fixtures";
import { Chart } from "../support/chart";
import { amount, figure } from "../support/money";
import { ADMIN, connectSample, heading, place, setUp, synced } from "../support/person";

test.describe("with an AWS that takes its time", () => {
  // So that the way there can be seen.
  test.use({ serverArgs: ["--cost-explorer-rate", "1"] });

  test("from the first visit to this month's cost", async ({ page }) => {
    await Chart.listen(page);
    await setUp(page);
    expect(place(page)).toBe("/connect");

    await connectSample(page);
    expect(place(page)).toMatch(/^\/\?connection=[0-9a-f-]{36}$/);
    await expect(page.getByText(/^Sample account · account \d{12}$/)).toBeVisible();

    // The bar moves, and says how far it is.
    const bar = page.getByRole("progressbar", { name: "Getting your costs for the first time" });
    await expect(bar).toBeVisible();
    const seen = new Set<string>();
    await expect
      .poll(
        async () => {
          const value = await bar.getAttribute("value").catch(() => null);
          if (value !== null && value !== "0" && value !== "100") seen.add(value);
          return seen.size;
        },
        { intervals: [100], timeout: 30_000 },
      )
      .toBeGreaterThanOrEqual(1);
    await expect(page.getByText(/^\d+ of 1\d{3} days in 4 groupings$/)).toBeVisible();

    // This month's costs are the first to arrive: nobody waits for old ones.
    const month = figure(page, "This month so far");
    await expect(month.locator("data")).toBeVisible();
    await expect(bar).toBeVisible();

    await synced(page);
    await expect(month).toContainText("1–24 Nov 2026");
    expect(await amount(month)).toBeGreaterThan(0n);
    const chart = new Chart(page);
    await chart.drawn();
    await expect(page.getByText(/which would have cost \$0\.\d\d with AWS/)).toBeVisible();
    await expect(page.getByText("A refresh of the sample account is free.")).toBeVisible();
  });
});

test("set-up is over once somebody has an account", { tag: "@any-width" }, async ({ page, browser, server }) => {
  await setUp(page);
  await page.goto("/setup");
  await expect(heading(page, "Overview").or(heading(page, /^Connect/))).toBeVisible();

  const stranger = await browser.newPage({ baseURL: server.url });
  await stranger.goto("/setup");
  await expect(heading(stranger, "Sign in")).toBeVisible();
  await stranger.close();
});

test("weak passwords are refused with a reason, and the address is kept", { tag: "@any-width" }, async ({
  page,
  complaints,
}) => {
  complaints.expect(/ 4\d\d /);
  await page.goto("/");
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password").fill("password1234");
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByRole("alert")).toContainText(/password/i);
  await expect(page.getByLabel("E-mail")).toHaveValue(ADMIN.email);
  expect(place(page)).toBe("/setup");
});

test("the played day is today everywhere", async ({ page }) => {
  await setUp(page);
  await connectSample(page);
  await expect(figure(page, "This month so far")).toContainText("1–24 Nov 2026");
  expect(TODAY).toBe("2026-11-24");
});
