// Pages that stay readable without a network, and for whom. "No network" is a
// server that is gone.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { heading, place, signIn } from "../support/person";

test.use({ begin: "with costs" });

/** Opens a page with the keeper at work, and waits until it has put it away. */
async function keep(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The first page of all came before there was a keeper.
  await page.reload();
  await expect.poll(() => kept(page)).toContain(path);
}

/** The addresses of what is kept, without the notes on whose it is and what is seen first. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    if (!(await caches.has("pages"))) return [];
    const keys = await (await caches.open("pages")).keys();
    const notes = ["/kept-for", "/begins-with"];
    return keys.map(({ url }) => url.slice(location.origin.length)).filter((path) => !notes.includes(path));
  });
}

/** The Overview's first figure. */
function figure(page: Page): Promise<string> {
  return page.locator(".figure__value").first().innerText();
}

test("the last pages can be read without a network, with their time", async ({ page, server, complaints }) => {
  await keep(page, "/costs");
  await keep(page, "/");
  const before = await figure(page);
  expect(before).toMatch(/\d/);
  await page.goto("/connections");
  await page.goto("/account");
  expect((await kept(page)).sort()).toEqual(["/", "/costs"]);

  await server.stop();
  await page.goto("/");
  await expect(heading(page, "Overview")).toBeVisible();
  const note = page.getByRole("status").filter({ hasText: "No connection." });
  await expect(note).toContainText(/This is how the page was on \d+ \w+ \d{4}, \d\d:\d\d UTC/);
  expect(await figure(page)).toBe(before);
  // Nothing runs that could take what it shows for the present.
  await expect(page.locator("script")).toHaveCount(0);
  await page.getByRole("link", { name: "Explorer" }).click();
  await expect(heading(page, "Explorer")).toBeVisible();
  await expect(note).toBeVisible();

  complaints.expect(/503/);
  await page.goto("/account");
  await expect(heading(page, "No connection")).toBeVisible();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(heading(page, "Overview")).toBeVisible();
});

test("who begins with a view of theirs reads that without a network @any-width", async ({ page, server }) => {
  await keep(page, "/");
  await page.goto("/costs?by=REGION&period=last-month");
  await page.getByText("Saved views").click();
  await page.getByLabel("Save what is shown as").fill("Regions");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const item = page.getByRole("listitem").filter({ hasText: "Regions" });
  await item.getByRole("button", { name: "Begin with this" }).click();
  await expect(item.getByText("Seen first")).toBeVisible();
  // As an installed app begins.
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
  const first = place(page);
  expect(first).toMatch(/^\/costs\?.*by=REGION/);
  const before = await page.locator("tfoot data").first().getAttribute("value");
  await expect.poll(() => kept(page)).toContain(first);
  await expect.poll(() => page.evaluate(async () => (await caches.match("/begins-with"))?.text())).toBe(first);

  await server.stop();
  await page.goto("/");
  await expect(page.getByRole("status").filter({ hasText: "No connection." })).toBeVisible();
  await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
  expect(await page.locator("tfoot data").first().getAttribute("value")).toBe(before);
});

test("moving about without loading a page keeps what one sees last @any-width", async ({ page }) => {
  await keep(page, "/");
  await page.getByRole("link", { name: "Explorer" }).click();
  await expect(heading(page, "Explorer")).toBeVisible();
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => kept(page)).toContain("/costs");
});

test("after signing out nothing can be read @any-width", async ({ page, server, complaints }) => {
  await keep(page, "/");
  const before = await figure(page);
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([]);

  complaints.expect(/ERR_CONNECTION_REFUSED|503/);
  await server.stop();
  await page.goto("/").catch(() => {});
  await expect(page.getByText(before)).toHaveCount(0);
  await expect(heading(page, "Overview")).toHaveCount(0);
});

test("another session finds nothing of the last one @any-width", async ({ page, context }) => {
  await keep(page, "/");
  await keep(page, "/costs");
  // As if the session had ended on the server.
  await context.clearCookies();
  await page.goto("/");
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([]);
  await signIn(page);
  await expect(heading(page, "Overview")).toBeVisible();
  expect(await kept(page)).not.toContain("/costs");
});

test("it can be installed @any-width", async ({ page }) => {
  await page.goto("/");
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = await (await page.request.get(address ?? "")).json();
  expect(manifest).toMatchObject({ name: "Cost Tracker", display: "standalone", start_url: "/" });
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect(icon.headers()["content-type"]).toBe(type);
    if (type !== "image/png") continue;
    // A PNG says its width in bytes 16 to 19.
    expect(`${(await icon.body()).readUInt32BE(16)}`).toBe(sizes.split("x")[0]);
  }
});
