// Costs by anything: from the store for nothing, or from AWS after its price was shown.
import { expect, test, testWithAws } from "../fixtures";
import { GOOD } from "../support/keys";
import { fillKey, heading, place, setUp, synced } from "../support/person";
import type { Locator, Page } from "@playwright/test";

/** The table of what is shown. */
function numbers(page: Page): Locator {
  return page.getByRole("region", { name: "Costs, broken down" });
}

async function show(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Show", exact: true }).click();
}

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("what is kept is shown at once, and the address keeps it", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/");
    await page.getByRole("navigation").getByRole("link", { name: "Breakdown" }).click();
    await expect(heading(page, "Breakdown")).toBeVisible();
    await page.getByLabel("Group by").selectOption("Service");
    await page.getByLabel("Then by").selectOption("Region");
    await page.getByLabel("Period").selectOption("Last 3 months");
    await show(page);
    await expect(page.getByRole("heading", { name: "By service and region" })).toBeVisible();
    expect(place(page)).toContain("by=SERVICE&");
    expect(place(page)).toContain("then=REGION");
    await expect(numbers(page).getByRole("columnheader")).toHaveText([
      "Service",
      "Region",
      "Total",
      "Sep 2026",
      "Oct 2026",
      "Nov 2026",
    ]);
    await page.reload();
    await expect(page.getByLabel("Then by")).toHaveValue("REGION");
    await expect(numbers(page).getByRole("rowheader", { name: "Total" })).toBeVisible();
  });

  test("a filter is chosen from what is known", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/costs?by=SERVICE&only=REGION");
    await page.getByLabel("eu-west-1").check();
    await show(page);
    await expect(page.getByText("Only where region is eu-west-1.")).toBeVisible();
    await expect(page.getByLabel("eu-west-1")).toBeChecked();
  });

  test("a tag is asked for, comes, and is forgotten", async ({ page }) => {
    await page.goto("/costs");
    await expect(heading(page, "Breakdown")).toBeVisible();
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
  await page.getByLabel("Name", { exact: true }).fill("Production");
  await fillKey(page, GOOD);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
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
