// Who uses the product in the tests, and what they do again and again. Finds
// things as people do: by what they are called.
import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Key } from "./keys";

/** The administrator of every server. */
export const ADMIN = {
  email: "ann@example.com",
  password: "plain turnip orbit 77",
} as const;

/** A password for changing to. */
export const NEW_PASSWORD = "quiet lantern pepper 41";

/** The wrong one. */
export const WRONG_PASSWORD = "wrong walnut harbour 13";

/** Every password that a test types. */
export const PASSWORDS: readonly string[] = [
  ADMIN.password,
  NEW_PASSWORD,
  WRONG_PASSWORD,
];

/** The page's main heading. */
export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole("heading", { level: 1, name });
}

/** Makes the first account; ends on the page for connecting. */
export async function setUp(page: Page): Promise<void> {
  await page.goto("/");
  await expect(heading(page, "Welcome")).toBeVisible();
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(heading(page, /^Connect/)).toBeVisible();
}

/** Fills in the sign-in form and sends it. */
export async function signIn(
  page: Page,
  password: string = ADMIN.password,
  email: string = ADMIN.email,
): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Connects the sample account; ends on the Overview, while costs arrive. */
export async function connectSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Use the sample account" }).click();
  await expect(heading(page, "Overview")).toBeVisible();
}

/** Fills in the fields of an access key, which are the page's only ones. */
export async function fillKey(page: Page, key: Key, secret = key.secret): Promise<void> {
  await page.getByLabel("Access key ID").fill(key.id);
  await page.getByLabel("Secret access key").fill(secret);
  await page.getByLabel(/Session token/).fill(key.token ?? "");
}

/** Connects an account by its key, from the page for that, and waits for its costs. */
export async function connectKey(page: Page, key: Key, name: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await fillKey(page, key);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
}

/** Waits until the Overview is there and its sync is over. */
export async function synced(page: Page): Promise<void> {
  // In this order: before the page has come, there is no bar either.
  const asOf = page.getByText(/^As of \d+ \w+ \d{4}, \d\d:\d\d UTC/);
  await expect(asOf).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("progress[aria-labelledby=sync-title]")).toBeHidden({ timeout: 150_000 });
}

/** The path and the query of where the page is. */
export function place(page: Page): string {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
}
