// What the tool itself costs, the cap on it, and the key doctor.
import { expect, test, testWithAws } from "../fixtures";
import { COSTS_ONLY, GOOD, type Key } from "../support/keys";
import { fillKey, heading, place, setUp, synced } from "../support/person";
import type { Page } from "@playwright/test";

async function connect(page: Page, key: Key): Promise<void> {
  await setUp(page);
  await page.getByLabel("Name", { exact: true }).fill("Production");
  await fillKey(page, key);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(heading(page, "Production")).toBeVisible();
}

async function setCap(page: Page, dollars: string): Promise<void> {
  await page.getByLabel("Cap in dollars a month").fill(dollars);
  await page.getByRole("button", { name: "Save the cap" }).click();
}

testWithAws("the requests are on the page, and the cap asks before more is spent", async ({ page, aws, complaints }) => {
  complaints.expect(/set_cap 422/);
  complaints.expect(/console error/);
  await connect(page, GOOD);
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
  await page.getByRole("navigation").getByRole("link", { name: "Spending" }).click();
  await expect(heading(page, "What this tool costs")).toBeVisible();
  const row = page.getByRole("region", { name: "Requests by connection" }).getByRole("row", { name: /Production/ });
  await expect(row).toContainText("of $5.00");
  await expect(page.getByRole("row", { name: /ce:GetCostAndUsage/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /Proving new keys/ })).toContainText("$0.01");

  await row.getByRole("link", { name: "Production" }).click();
  await setCap(page, "lots");
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toContainText("from $0 to $1,000.00");
  await setCap(page, "0.01");
  await expect(page.getByText("The monthly cap is changed.")).toBeVisible();
  await expect(page.getByText("The monthly cap for requests is reached")).toBeVisible();

  await page.getByRole("link", { name: "See the Overview" }).click();
  await expect(page.getByText("The monthly cap for requests is reached")).toBeVisible();
  const before = (await aws.requests()).length;
  const refresh = page.getByRole("button", { name: "Refresh" });
  // The tick is required: without it, the browser sends nothing.
  await refresh.click();
  expect((await aws.requests()).length).toBe(before);
  await page.getByLabel(/Ask AWS all the same/).check();
  await refresh.click();
  await expect.poll(async () => (await aws.requests()).length).toBeGreaterThan(before);
});

testWithAws("the doctor tells prices first, then what is missing and how to mend it", async ({ page, aws }) => {
  await connect(page, COSTS_ONLY);
  await page.getByRole("link", { name: "What it may do" }).click();
  await expect(heading(page, "Key doctor")).toBeVisible();
  // The free part was checked after connecting.
  await expect(page.getByText(/5 denied/)).toBeVisible();
  const priced = async () => (await aws.requests()).filter(({ service }) => service === "ce").length;
  await expect(page.getByText("$0.05")).toBeVisible();
  await page.getByRole("radio", { name: /Everything/ }).check();
  await page.getByRole("button", { name: "Check", exact: true }).first().click();
  await expect(page.getByText("1 granted · 16 denied")).toBeVisible({ timeout: 30_000 });
  expect(await priced()).toBeGreaterThanOrEqual(12);
  const all = page.getByRole("region", { name: "IAM policy for everything denied" });
  const policy = JSON.parse(await all.innerText());
  expect(policy.Statement.flatMap(({ Action }: { Action: string[] }) => Action)).toHaveLength(16);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, begin: "with costs" });

  test("spending, and a check by a form", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/spending");
    await expect(page.getByText(/cost nothing and are in no sum/)).toBeVisible();
    await page.goto("/connections");
    await page.getByRole("link", { name: "Sample account" }).click();
    await page.getByRole("link", { name: "What it may do" }).click();
    await page.getByRole("radio", { name: /What the product needs/ }).check();
    await page.getByRole("button", { name: "Check", exact: true }).first().click();
    await expect(heading(page, "Key doctor")).toBeVisible();
    expect(place(page)).toMatch(/\/doctor$/);
    await expect(page.getByText(/10 granted/)).toBeVisible({ timeout: 30_000 });
  });
});
