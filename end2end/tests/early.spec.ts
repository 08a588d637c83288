// A page can be read and used before its scripts are there: what a person chooses meanwhile
// takes effect once they are.
import { alive, expect, test } from "../fixtures";
import type { Page } from "@playwright/test";

test.use({ begin: "with costs", waitsForScripts: false });

/** Keeps the browser half away until the answer is called. */
async function scriptsWait(page: Page): Promise<() => void> {
  let come = (): void => {};
  const there = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route("**/*.wasm", async (route) => {
    await there;
    await route.continue();
  });
  return come;
}

test("a comparison in the Explorer", { tag: "@any-width" }, async ({ page }) => {
  const come = await scriptsWait(page);
  await page.goto("/costs");
  await page.getByLabel("Compare with").selectOption("A month ago");
  await page.getByLabel("Then by").selectOption("Region");
  await page.getByLabel("Then by").focus();
  come();
  await expect(page.getByRole("heading", { name: "Why did it change?" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "By service and region" })).toBeVisible();
  await expect(page).toHaveURL(/compare=month(&|$)/);
  await expect(page.getByLabel("Then by")).toBeFocused();
  // Back is the page as it came.
  await page.goBack();
  await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
  await expect(page.getByLabel("Compare with")).toHaveValue("nothing");
});

test("back is the page as it was, its fields too", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/costs?only=REGION");
  await alive(page);
  const period = page.getByLabel("Period");
  await period.selectOption("Last month");
  await expect(page).toHaveURL(/period=last-month/);
  await period.selectOption("Last 7 days");
  await expect(page).toHaveURL(/period=7-days/);
  await page.getByLabel("eu-west-1").check();
  await expect(page.getByText("Only where region is eu-west-1.")).toBeVisible();
  await page.goBack();
  await expect(page.getByText("Only where region is eu-west-1.")).toBeHidden();
  await expect(page.getByLabel("eu-west-1")).not.toBeChecked();
  await expect(period).toHaveValue("7-days");
  await page.goBack();
  await expect(page).toHaveURL(/period=last-month/);
  await expect(period).toHaveValue("last-month");
  await page.goBack();
  await expect(period).toHaveValue("this-month");
  expect(new URL(page.url()).search).toBe("?only=REGION");
});

test("days in the Explorer, of which one is still missing", async ({ page }) => {
  const come = await scriptsWait(page);
  await page.goto("/costs");
  await page.getByLabel("Period").selectOption("days");
  await page.getByLabel("First day").first().fill("2026-09-03");
  come();
  await page.getByLabel("Last day").first().fill("2026-09-09");
  await page.getByLabel("Metric").focus();
  await expect(page).toHaveURL(/from=2026-09-03&to=2026-09-09/);
  await expect(page.getByText("3–9 Sep 2026").first()).toBeVisible();
});

test("a metric on the Overview, another on the bill", { tag: "@any-width" }, async ({ page }) => {
  let come = await scriptsWait(page);
  await page.goto("/");
  await page.getByLabel("Metric").selectOption("Net amortized");
  come();
  await expect(page).toHaveURL(/metric=net-amortized/);
  await expect(page.getByLabel("Metric").locator("option:checked")).toHaveText("Net amortized");
  await page.goBack();
  await expect(page.getByLabel("Metric").locator("option:checked")).toHaveText("Unblended");

  await page.unroute("**/*.wasm");
  come = await scriptsWait(page);
  await page.goto("/bill");
  await page.getByLabel("Metric").selectOption("Blended");
  come();
  await expect(page).toHaveURL(/metric=blended/);
  await expect(page.getByLabel("Metric").locator("option:checked")).toHaveText("Blended");
});

test("an address that isn't quite right stays as it is", async ({ page, complaints }) => {
  complaints.expect(/does not conform to the required format/);
  await page.goto("/costs?period=days&from=2026-09-33&to=nonsense&compare=what");
  await alive(page);
  expect(new URL(page.url()).search).toBe("?period=days&from=2026-09-33&to=nonsense&compare=what");
});

test("whoever went back before the scripts were there is where they went", async ({ page }) => {
  await page.goto("/costs");
  await alive(page);
  await page.getByLabel("Then by").selectOption("Region");
  await expect(page.getByRole("heading", { name: "By service and region" })).toBeVisible();
  const come = await scriptsWait(page);
  await page.reload();
  await page.goBack();
  come();
  await expect(page.getByRole("heading", { name: "By service", exact: true })).toBeVisible();
  await expect(page.getByLabel("Then by")).toHaveValue("");
});
