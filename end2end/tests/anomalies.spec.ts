// Unusual costs and commitments: looked at for nothing, asked for by a button, remembered.
import { expect, test, testWithAws } from "../fixtures";
import { GOOD } from "../support/keys";
import { connectKey, heading, place, setUp } from "../support/person";

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("an anomaly is looked at, marked and looked up", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/savings/anomalies");
    await expect(heading(page, "Anomalies")).toBeVisible();
    const list = page.getByRole("region", { name: "Anomalies" });
    const before = await list.getByRole("rowheader").count();
    expect(before).toBeGreaterThan(0);
    await expect(page.getByRole("img", { name: /was expected/ })).toBeVisible();
    await expect(page.getByText(/^Likely cause:|^No usage type/)).toBeVisible();
    await page.getByRole("button", { name: "It was a mistake" }).click();
    await expect(list.getByRole("cell", { name: "A mistake" })).toHaveCount(1);
    // What is marked goes below; it is looked at again and taken back.
    await list.getByRole("row").filter({ hasText: "A mistake" }).getByRole("link").click();
    await expect(page.getByText("Marked: a mistake.")).toBeVisible();
    expect(place(page)).toContain("event=");
    await page.getByRole("button", { name: "Take it back" }).click();
    await expect(list.getByRole("cell", { name: "A mistake" })).toHaveCount(0);
    await page.getByRole("link", { name: "See these days by usage type" }).first().click();
    await expect(page).toHaveURL(/\/costs\?.*only=SERVICE/);
  });

  test("AWS is asked for its own findings", async ({ page }) => {
    await page.goto("/savings/anomalies");
    await page.getByRole("button", { name: "Ask AWS — free here" }).click();
    await expect(page.getByText(/^AWS found|^AWS looked and found nothing/)).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("button", { name: /^Ask AWS/ })).toHaveCount(0);
  });

  test("commitments are asked for, and stand against a target", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/savings/anomalies");
    await page.getByRole("navigation", { name: "Savings" }).getByRole("link", { name: "Commitments" }).click();
    await expect(heading(page, "Commitments")).toBeVisible();
    await page.getByRole("button", { name: /^Ask AWS/ }).click();
    await expect(page.getByText("What unused commitments cost this month so far")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("heading", { name: "Savings Plans" })).toBeVisible();
    await page.getByLabel("Used, in percent of what is paid for").fill("80");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Target for use, 80%").first()).toBeVisible();
  });
});

test.describe("without scripts", () => {
  test.use({ begin: "with costs", javaScriptEnabled: false });

  test("marking and sensitivity are forms", async ({ page }) => {
    await page.goto("/savings/anomalies");
    await page.getByRole("button", { name: "It was expected" }).click();
    const list = page.getByRole("region", { name: "Anomalies" });
    await expect(list.getByRole("cell", { name: "Expected", exact: true })).toHaveCount(1);
    await page.getByLabel("High").check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("High")).toBeChecked();
  });
});

testWithAws("what only AWS finds is marked, with scripts and without", { tag: "@any-width" }, async ({
  page,
  aws,
  browser,
  server,
}) => {
  // The costs are stored without October's rise; then it comes into AWS's bill, and AWS finds it.
  await aws.restate({ start: "2026-10-01", end: "2026-11-25", percent: -100 });
  await setUp(page);
  await connectKey(page, GOOD, "Production");
  await aws.forgetRestatements();

  await page.goto("/savings/anomalies");
  await page.getByRole("button", { name: /^Ask AWS — \$/ }).click();
  const side = page.getByRole("region", { name: "What AWS finds unusual" });
  await expect(side.getByText("These are not among those above:")).toBeVisible({ timeout: 30_000 });
  await expect(side.getByText(/Found by the monitor Default-Services-Monitor\./)).toBeVisible();
  await side.getByRole("button", { name: "It was a mistake" }).click();
  await expect(side.getByText("Marked: a mistake.")).toBeVisible();
  await page.reload();
  await expect(side.getByText("Marked: a mistake.")).toBeVisible();

  const storageState = await page.context().storageState();
  const context = await browser.newContext({ baseURL: server.url, storageState, javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto("/savings/anomalies");
  const same = plain.getByRole("region", { name: "What AWS finds unusual" });
  await same.getByRole("button", { name: "Take it back" }).click();
  await same.getByRole("button", { name: "It was expected" }).click();
  await expect(same.getByText("Marked: expected.")).toBeVisible();
  await context.close();
});
