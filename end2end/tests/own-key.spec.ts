// Keys of one's own, against AWS as the simulator plays it.
import { expect, testWithAws as test } from "../fixtures";
import { amount, amounts, changed, figure } from "../support/money";
import { BRAND_NEW, EXPIRED, GOOD, GOOD_SECOND, type Key, NO_PERMISSION, OTHER_ACCOUNT, WRONG_SECRET } from "../support/keys";
import { fillKey, heading, place, setUp, synced } from "../support/person";
import type { Page } from "@playwright/test";

async function connect(page: Page, name: string, key: Key, secret?: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await fillKey(page, key, secret);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Nothing that the server sends may hold it: listens until the returned check. */
function neverAnswered(page: Page, secret: string): () => Promise<void> {
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith("/pkg/")) bodies.push(response.text().catch(() => ""));
  });
  return async () => {
    const all = await Promise.all(bodies);
    expect(all.some((body) => body.length > 0)).toBe(true);
    expect(all.some((body) => body.includes(secret))).toBe(false);
  };
}

test("a wrong secret is told and mended, and the key works", async ({
  page,
  aws,
  complaints,
}) => {
  complaints.expect(/create [45]\d\d /);
  complaints.expect(/console error/);
  const check = neverAnswered(page, GOOD.secret);
  await setUp(page);
  await connect(page, "Production", GOOD, WRONG_SECRET);
  const alert = page.getByRole("alert").filter({ hasText: /./ });
  await expect(alert).toContainText("The secret key doesn't belong to this access key id.");
  await expect(alert).toContainText("Copy both again");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Production");
  await expect(page.getByLabel("Access key ID")).toHaveValue(GOOD.id);
  expect(place(page)).toBe("/connect");

  await page.getByLabel("Secret access key").fill(GOOD.secret);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(heading(page, "Production")).toBeVisible();
  await expect(page.getByText("Connected. AWS knows the key")).toBeVisible();
  await expect(page.getByText(GOOD.account, { exact: true })).toBeVisible();
  await expect(page.getByText("arn:aws:iam::123456789012:user/cost-tracker")).toBeVisible();
  expect(await page.content()).not.toContain(GOOD.secret);

  const asked = await aws.requests();
  expect(asked.some(({ operation, status }) => operation === "GetCallerIdentity" && status === 403)).toBe(true);
  await check();
});

test("each kind of key that can't work is told apart", { tag: "@any-width" }, async ({ page, complaints }) => {
  complaints.expect(/create [45]\d\d /);
  complaints.expect(/console error/);
  await setUp(page);
  const alert = page.getByRole("alert").filter({ hasText: /./ });

  await connect(page, "Unknown", { ...GOOD, id: "AKIASIMULATORUNKNOWN" });
  await expect(alert).toContainText(/AWS doesn't know this access key/);
  await connect(page, "Expired", EXPIRED);
  await expect(alert).toContainText("The temporary key has expired.");
  await connect(page, "Denied", NO_PERMISSION);
  await expect(alert).toContainText("ce:GetCostAndUsage");
  // With the policy that would mend it.
  const policy = alert.getByRole("region", { name: "IAM policy" });
  expect(JSON.parse(await policy.innerText())).toMatchObject({
    Statement: [{ Effect: "Allow", Action: ["ce:GetCostAndUsage"] }],
  });
});

test("changing the metric asks AWS nothing; refreshing does, and says its price", { tag: "@any-width" }, async ({
  page,
  aws,
}) => {
  await setUp(page);
  await connect(page, "Production", GOOD);
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
  const before = (await aws.requests()).length;
  const unblended = await amount(figure(page, "This month so far"));
  let documents = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) documents += 1;
  });
  const seen = new Set([unblended]);
  for (const name of ["Amortized", "Blended", "Net unblended", "Net amortized"]) {
    const last = await amount(figure(page, "This month so far"));
    await page.getByLabel("Metric").selectOption({ label: name });
    await changed(figure(page, "This month so far"), last);
    seen.add(await amount(figure(page, "This month so far")));
  }
  expect(seen.size).toBeGreaterThanOrEqual(4);
  await page.getByLabel("Metric").selectOption({ label: "Unblended" });
  await expect.poll(() => amounts(figure(page, "This month so far"))).toEqual([unblended]);
  expect(documents).toBe(0);
  expect((await aws.requests()).length).toBe(before);

  await page.reload();
  const months = page.getByRole("table", { name: /^Cost by service and month/ });
  await months.evaluate((table) => table.setAttribute("data-same", ""));
  // Slow enough to be seen at work.
  await aws.delay(3_000);
  // As a form without scripts it would bring a new page.
  await page.getByRole("button", { name: "Refresh" }).scrollIntoViewIfNeeded();
  await page.locator(".late > :not(.still)").getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("progressbar", { name: /^Asking AWS/ })).toBeVisible();
  await aws.delay(0);
  await synced(page);
  const paid = (await aws.requests()).slice(before);
  expect(paid.length).toBeGreaterThan(0);
  expect(paid.every(({ operation }) => operation === "GetCostAndUsage")).toBe(true);
  const price = `$${(paid.length / 100).toFixed(2)}`;
  const words = `${paid.length} Cost Explorer request${paid.length === 1 ? "" : "s"}, ${price}`;
  await expect(page.getByText(`The last refresh took ${words}.`)).toBeVisible();
  // What says the same as before isn't put there anew, so that it stays where it was scrolled to.
  await expect(months).toHaveAttribute("data-same", "");
  expect(await amount(figure(page, "This month so far"))).toBe(unblended);
});

test("a second connection to the same account leads to the first", async ({
  page,
  complaints,
}) => {
  complaints.expect(/create 409 /);
  complaints.expect(/console error/);
  await setUp(page);
  await connect(page, "Production", GOOD);
  await expect(heading(page, "Production")).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Connections" }).click();
  await page.getByRole("link", { name: "New connection" }).click();
  await connect(page, "Once more", GOOD_SECOND);
  await expect(page.getByText("You are connected to this AWS account already.")).toBeVisible();
  await page.getByRole("link", { name: "Show me" }).click();
  await expect(heading(page, "Production")).toBeVisible();

  // Another account is another matter; the Overview then lets one choose.
  await page.goto("/connect");
  await connect(page, "Other company", OTHER_ACCOUNT);
  await expect(heading(page, "Other company")).toBeVisible();
  await page.getByRole("link", { name: "See the Overview" }).click();
  await expect(page.getByText(/^Other company · account 210987654321$/)).toBeVisible();
  await page.getByLabel("Connection").selectOption({ label: "Production" });
  await expect(page.getByText(/^Production · account 123456789012$/)).toBeVisible();
});

test("keys are replaced, names are changed, and all goes after asking", async ({
  page,
  complaints,
}) => {
  complaints.expect(/replace_key 4\d\d /);
  complaints.expect(/console error/);
  await setUp(page);
  await connect(page, "Production", GOOD);
  await expect(heading(page, "Production")).toBeVisible();

  const rename = page.getByRole("region", { name: "Rename" });
  await rename.getByLabel("Name", { exact: true }).fill("Production, Berlin");
  await rename.getByRole("button", { name: "Save the name" }).click();
  await expect(heading(page, "Production, Berlin")).toBeVisible();
  await expect(page.getByText("The name is changed.")).toBeVisible();

  const replace = page.getByRole("region", { name: "Replace the key" });
  await replace.getByText("Enter another key").click();
  await fillKey(page, OTHER_ACCOUNT);
  await replace.getByRole("button", { name: "Replace the key" }).click();
  await expect(replace.getByRole("alert")).toContainText(
    `This key belongs to AWS account ${OTHER_ACCOUNT.account}`,
  );
  await fillKey(page, GOOD_SECOND);
  await replace.getByRole("button", { name: "Replace the key" }).click();
  await expect(page.getByText(/^The key is replaced\./)).toBeVisible();
  await expect(page.getByText("arn:aws:iam::123456789012:user/finance")).toBeVisible();

  const remove = page.getByRole("region", { name: "Delete" });
  const yes = remove.getByRole("button", { name: "Yes, delete it" });
  await expect(yes).toBeHidden();
  await remove.getByText("Delete this connection").click();
  await expect(remove).toContainText("Really delete “Production, Berlin” and its costs?");
  await yes.click();
  await expect(page.getByText("The connection, its key and its costs are deleted.")).toBeVisible();
  await expect(page.getByText("There is no connection yet.")).toBeVisible();
  await page.goto("/");
  await expect(heading(page, /^Connect/)).toBeVisible();
});

test("an account without costs isn't shown as zero", { tag: "@any-width" }, async ({ page }) => {
  await setUp(page);
  await connect(page, "Brand new", BRAND_NEW);
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
  await expect(page.getByRole("heading", { name: "AWS has no costs for this account" })).toBeVisible();
  await expect(page.getByText("$0.00")).toHaveCount(0);
});

test("from all connections together to one, and back", { tag: "@any-width" }, async ({ page }) => {
  await setUp(page);
  await connect(page, "Production", GOOD);
  await expect(heading(page, "Production")).toBeVisible();
  await page.goto("/connect");
  await connect(page, "Subsidiary", OTHER_ACCOUNT);
  await expect(heading(page, "Subsidiary")).toBeVisible();

  // Loaded, so that nothing of one connection was ever on the page.
  await page.goto("/?connection=all");
  await expect(page.getByRole("table", { name: "Cost by connection" })).toBeVisible({ timeout: 60_000 });
  const refresh = page.getByRole("button", { name: "Refresh" });
  await expect(refresh).toHaveCount(0);
  const connection = page.getByLabel("Connection", { exact: true });
  await connection.selectOption({ label: "Production" });
  await expect(page.getByText(/^Production · account/)).toBeVisible();
  await synced(page);
  await expect(refresh).toBeVisible();
  await connection.selectOption({ label: "All connections" });
  await expect(page.getByText("All connections", { exact: true }).first()).toBeVisible();
  await expect(refresh).toHaveCount(0);
});
