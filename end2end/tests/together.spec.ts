// All connections on one page: what stands beside the figures is added up, and whoever fails is
// named, with the way to what mends it.
import { expect, testWithAws as test } from "../fixtures";
import { GOOD, type Key, OTHER_ACCOUNT } from "../support/keys";
import { amounts, nanos, sum } from "../support/money";
import { fillKey, heading, setUp, synced } from "../support/person";
import type { Page } from "@playwright/test";

/** Connects, and waits for the first costs; ends on the connection's Overview. */
async function connect(page: Page, name: string, key: Key): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await fillKey(page, key);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(heading(page, name)).toBeVisible();
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
}

test("sums stand beside the figures, and a failing connection leads to its doctor", async ({ page, aws }) => {
  await setUp(page);
  await connect(page, "Production", GOOD);
  await page.goto("/connect");
  await connect(page, "Subsidiary", OTHER_ACCOUNT);
  const subsidiary = page.url();

  await page.goto("/?connection=all");
  const table = page.getByRole("table", { name: "Cost by connection" });
  await expect(table.locator("tbody tr")).toHaveCount(2);
  const beside = page.getByRole("region", { name: "Waste, credits, and what this tool costs, together" });
  const label = page.getByRole("term").filter({ hasText: /^This tool’s own requests to AWS this month$/ });
  const own = beside.locator("div.figure", { has: label });
  const each = (await table.locator("tbody tr").allInnerTexts()).map((row) => {
    const spent = /\$(\d+\.\d\d) of \$5\.00/.exec(row)?.[1];
    expect(spent, row).toBeDefined();
    return nanos(spent ?? "0");
  });
  expect(await amounts(own)).toEqual([sum(each)]);
  await expect(own).toContainText("Of $10.00 at most, all caps together.");
  const warning = page.getByText("Not everything here is up to date");
  await expect(warning).toHaveCount(0);

  await aws.refuse("AccessDeniedException");
  await page.goto(subsidiary);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 60_000 });
  await page.goto("/?connection=all");
  await expect(warning).toBeVisible();
  const notice = page.getByRole("listitem").filter({ hasText: /^Subsidiary: The last refresh failed\./ });
  await expect(notice.getByRole("link", { name: "Check the connection" })).toBeVisible();
  const row = table.getByRole("row", { name: /Subsidiary/ });
  await expect(row).toContainText("Failing");
  await row.getByRole("link", { name: "Check the connection" }).click();
  await expect(heading(page, "Key doctor")).toBeVisible();
});
