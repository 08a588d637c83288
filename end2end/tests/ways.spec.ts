// Temporary keys, and the server's own credentials.
import { expect, testWithAws as test } from "../fixtures";
import { GOOD, TEMPORARY } from "../support/keys";
import { fillKey, heading, setUp, synced } from "../support/person";
import type { Page } from "@playwright/test";

test("a temporary key's end is asked for, told, and warned about", async ({ page }) => {
  await setUp(page);
  const ends = page.getByLabel("When does the session token end?");
  await expect(ends).toBeHidden();
  await page.getByLabel("Name", { exact: true }).fill("Temporary");
  await fillKey(page, TEMPORARY);
  await expect(ends).toBeVisible();
  const moment = page.getByLabel("Day and time, in UTC");
  await expect(moment).toBeHidden();
  await ends.selectOption({ label: "At a time that I enter" });
  await expect(moment).toBeVisible();
  await ends.selectOption({ label: "In 1 hour" });
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(heading(page, "Temporary")).toBeVisible();
  await expect(page.getByText(/^The temporary key expires in \d+ min$/)).toBeVisible();
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
  await expect(page.getByText(/^The temporary key expires in \d+ min$/)).toBeVisible();

  await page.getByRole("link", { name: "Enter a new key" }).click();
  await expect(heading(page, "Temporary")).toBeVisible();
  const replace = page.getByRole("region", { name: "Replace the key" });
  // Open already: that is why one came.
  await expect(replace.getByLabel("Access key ID")).toBeVisible();
  await fillKey(page, GOOD);
  await replace.getByRole("button", { name: "Replace the key" }).click();
  await expect(page.getByText(/^The key is replaced\./)).toBeVisible();
  await expect(page.getByText(/^The temporary key expires/)).toHaveCount(0);
});

async function connectServer(page: Page): Promise<void> {
  await setUp(page);
  const ways = page.getByRole("navigation", { name: "Ways to connect" });
  await ways.getByRole("link", { name: /^This server’s credentials/ }).click();
  await expect(page.getByText("These aren’t yours")).toBeVisible();
  await page.getByRole("button", { name: "See whose they are" }).click();
  await expect(page.getByText("arn:aws:iam::123456789012:user/cost-tracker")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Ours");
  await page.getByRole("button", { name: "Connect with them" }).click();
  await expect(heading(page, "Ours")).toBeVisible();
  await page.getByRole("button", { name: "Prove them again" }).click();
  await expect(page.getByText("The server’s credentials are proved again.")).toBeVisible();
}

test.describe("where the operator has switched them on", () => {
  test.use({
    serverArgs: ["--environment-credentials", "on"],
    serverEnv: { AWS_ACCESS_KEY_ID: GOOD.id, AWS_SECRET_ACCESS_KEY: GOOD.secret },
  });

  test("the server says whose credentials it has, and connects", async ({ page }) => {
    await connectServer(page);
  });

  test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("the server says whose credentials it has, and connects", { tag: "@any-width" }, async ({ page }) => {
      await connectServer(page);
    });
  });
});

test("nothing of the server's own is offered otherwise", { tag: "@any-width" }, async ({ page }) => {
  await setUp(page);
  await expect(page.getByRole("navigation", { name: "Ways to connect" })).toBeVisible();
  await expect(page.getByText("This server’s credentials")).toHaveCount(0);
  await page.goto("/connect?way=server");
  await expect(page.getByRole("heading", { name: "Your own access key" })).toBeVisible();
});
