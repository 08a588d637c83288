// Requests that a person has moved on from are dropped, and nothing waits for them.
import type { Page, Request } from "@playwright/test";
import { expect, test } from "../fixtures";
import { heading } from "../support/person";

test.use({ begin: "with costs" });

/** Holds back each answer of the Explorer about which this says yes; tells how many so far. */
async function hold(page: Page, which: (asked: string) => boolean): Promise<() => number> {
  let held = 0;
  await page.route("**/api/costs/breakdown*", async (route) => {
    if (which(asked(route.request()))) held += 1;
    else await route.continue();
  });
  return () => held;
}

function asked(request: Request): string {
  return request.url() + (request.postData() ?? "");
}

test("the next answer doesn't wait for the one before", { tag: "@any-width" }, async ({ page }) => {
  const held = await hold(page, (asked) => asked.includes("6-months"));
  await page.goto("/costs");
  await expect(page.getByRole("heading", { name: "By service" })).toBeVisible();
  const dropped = page.waitForEvent("requestfailed", (request) => asked(request).includes("6-months"));
  await page.getByLabel("Period").selectOption("Last 6 months");
  await expect.poll(held).toBe(1);
  await page.getByLabel("Period").selectOption("Last month");
  await expect(page.getByText(/^1–31 Oct 2026, days in UTC/)).toBeVisible();
  expect((await dropped).failure()?.errorText).toBe("net::ERR_ABORTED");
  // What was dropped isn't asked for again.
  expect(held()).toBe(1);
  await page.getByLabel("Group by").selectOption("Region");
  await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
});

test("leaving a page ends what it waits for", { tag: "@any-width" }, async ({ page }) => {
  const held = await hold(page, () => true);
  await page.goto("/costs");
  await expect(page.getByRole("heading", { name: "By service" })).toBeVisible();
  await page.getByLabel("Period").selectOption("Last 6 months");
  await expect.poll(held).toBe(1);
  const dropped = page.waitForEvent("requestfailed", (request) => asked(request).includes("6-months"));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Bill" }).click();
  await expect(heading(page, /^Bill/)).toBeVisible();
  expect((await dropped).failure()?.errorText).toBe("net::ERR_ABORTED");
});
