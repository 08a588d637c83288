// What could be saved: a finding's whole life, and the inventory behind it.
import { expect, test } from "../fixtures";
import { heading } from "../support/person";
import { serve } from "../support/program";
import { scan } from "../support/savings";
import type { Page } from "@playwright/test";

async function lifeOfAFinding(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Savings" }).click();
  await expect(heading(page, "Savings")).toBeVisible();
  await scan(page);
  const findings = page.getByRole("region", { name: "Findings" });
  await expect(findings.getByRole("row").nth(1)).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("Check", { exact: true }).selectOption("Idle Elastic IP address");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/check=idle-address/);
  const idle = page.getByRole("heading", { name: /^\d+ findings?$/ });
  const before = Number.parseInt((await idle.textContent()) ?? "", 10);
  await findings.getByRole("link").first().click();

  // The proof, and the remedy.
  await expect(heading(page, "Idle Elastic IP address")).toBeVisible();
  await expect(page.getByRole("region", { name: "What it comes to" })).toContainText("720 hours");
  await expect(page.getByRole("region", { name: "Command" })).toContainText("aws ec2 release-address");

  // Put off, and opened again.
  await page.getByLabel("Reason").first().fill("until the move is over");
  await page.getByRole("button", { name: "Snooze" }).click();
  await expect(page.getByText("until the move is over")).toBeVisible();
  await page.getByRole("button", { name: "Open it again" }).click();
  await expect(page.getByRole("button", { name: "Dismiss" })).toBeVisible();
  await page.getByLabel("Reason").last().fill("it is printed on paper");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByText("Dismissed: it is printed on paper")).toBeVisible();
  await page.goto("/savings?check=idle-address");
  await expect(heading(page, "Savings")).toBeVisible();
  const left = before === 1 ? "Nothing like that was found" : new RegExp(`^${before - 1} finding`);
  await expect(page.getByRole("heading", { name: left })).toBeVisible();
}

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("a finding is seen, put off and dismissed", { tag: "@any-width" }, async ({ page }) => {
    await lifeOfAFinding(page);
  });

  test("what there is is found by kind, text and tag", async ({ page }) => {
    await page.goto("/savings/inventory");
    await scan(page);
    await page.getByLabel("Kind").selectOption("Volumes");
    await page.getByLabel("Tag").fill("Team=search");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    const resources = page.getByRole("region", { name: "Resources", exact: true });
    await expect(resources).toContainText("R&D <old> index");
    await expect(resources).not.toContainText("Snapshots");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "All of them as CSV" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("inventory.csv");
  });
});

test.describe("with costs, some weeks later", () => {
  test.use({ begin: "with costs" });

  test("what isn't paid for any more is booked", { tag: "@any-width" }, async ({ page, server, later }) => {
    const realized = page.locator(".figure", { hasText: "Realized" });
    await page.goto("/savings");
    await scan(page);
    await expect(realized).toContainText("$0.00");

    // The company goes on: some of what was found is gone, or has changed.
    await server.stop();
    const again = await serve(server.dataDir, ["--sample-account", "on", "--today", "2027-01-20"]);
    later(() => again.stop());
    await page.goto(`${again.url}/savings`);
    await scan(page);
    await expect(realized).not.toContainText("$0.00", { timeout: 60_000 });
    await expect(realized).toContainText(/a month, .*\d+ findings? mended/);
    await page.getByLabel("State").selectOption("Resolved");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await expect(page).toHaveURL(/state=resolved/);
    const findings = page.getByRole("region", { name: "Findings" });
    // The dearest first: the last may have saved nothing.
    await findings.getByRole("link").first().click();
    await expect(page.getByText(/\$[\d,]+\.\d\d a month is booked as saved/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Dismiss" })).toBeHidden();
  });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, begin: "with costs" });

  test("the same by forms", async ({ page }) => {
    await lifeOfAFinding(page);
  });
});
