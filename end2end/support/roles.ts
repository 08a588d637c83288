// What one does on the pages of a role, with scripts or without.
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Key } from "./keys";
import { fillKey, heading } from "./person";

/** Opens the way by a role. */
export async function chooseRole(page: Page): Promise<void> {
  const ways = page.getByRole("navigation", { name: "Ways to connect" });
  await ways.getByRole("link", { name: /^Role/ }).click();
  await expect(page.getByRole("heading", { name: "A role in your account" })).toBeVisible();
}

/** Begins a role that a key takes on; ends on the role's own page. */
export async function beginRole(page: Page, name: string, key: Key): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "A key that I enter here" }).check();
  await fillKey(page, key);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(heading(page, name)).toBeVisible();
}

/** The trust policy on the page. */
export async function trustPolicy(page: Page): Promise<{ principal: string; externalId: string }> {
  const text = await page.getByRole("region", { name: "Trust policy" }).innerText();
  const [statement] = JSON.parse(text).Statement;
  return {
    principal: statement.Principal.AWS,
    externalId: statement.Condition.StringEquals["sts:ExternalId"],
  };
}

/** Enters the role's ARN and sends it. */
export async function finishRole(page: Page, arn: string): Promise<void> {
  await page.getByLabel("The role’s ARN").fill(arn);
  await page.getByRole("button", { name: "Take the role on and connect" }).click();
}
