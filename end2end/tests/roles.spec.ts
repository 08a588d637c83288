// Connecting by a role, against AWS as the simulator plays it.
import { expect, testWithAws as test } from "../fixtures";
import { ASSUME_ONLY, GOOD, OTHER_READER } from "../support/keys";
import { fillKey, heading, place, setUp, synced } from "../support/person";
import { beginRole, chooseRole, finishRole, trustPolicy } from "../support/roles";

test("a role is begun, left, come back to and connected", async ({ page, aws, complaints }) => {
  complaints.expect(/finish 4\d\d /);
  complaints.expect(/console error/);
  await setUp(page);
  await chooseRole(page);
  expect(place(page)).toBe("/connect?way=role");
  await beginRole(page, "Other company", ASSUME_ONLY);
  const trust = await trustPolicy(page);
  expect(trust.principal).toBe("arn:aws:iam::123456789012:user/tracker-server");
  expect(trust.externalId).toMatch(/^cost-tracker-[0-9a-f]{32}$/);
  await page.reload();
  expect(await trustPolicy(page)).toEqual(trust);

  await finishRole(page, OTHER_READER.arn);
  const alert = page.getByRole("alert").filter({ hasText: /./ });
  await expect(alert).toContainText("AWS didn't let this server take on the role.");
  await expect(alert).toContainText("ExternalId");

  // From the list, days later.
  await page.goto("/connections");
  await expect(page.getByText("Waits for its role’s ARN")).toBeVisible();
  await page.getByRole("link", { name: "Other company" }).click();
  await expect(page.getByLabel("The role’s ARN")).toHaveValue(OTHER_READER.arn);
  expect(await trustPolicy(page)).toEqual(trust);
  await aws.trust(OTHER_READER.arn, trust.externalId);
  await finishRole(page, OTHER_READER.arn);
  await expect(page.getByText("Connected. AWS knows the key")).toBeVisible();
  await expect(page.getByText(trust.externalId, { exact: true }).first()).toBeVisible();
  await expect(page.getByText(OTHER_READER.arn, { exact: true }).first()).toBeVisible();
  await page.getByRole("link", { name: "See the Overview" }).click();
  await synced(page);
  await expect(page.getByText(`Other company · account ${OTHER_READER.account}`)).toBeVisible();
});

test("a role on another connection's key, which then can't be deleted", async ({
  page,
  aws,
  complaints,
}) => {
  complaints.expect(/delete 409 /);
  complaints.expect(/console error/);
  await setUp(page);
  await page.getByLabel("Name", { exact: true }).fill("Main");
  await fillKey(page, GOOD);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(heading(page, "Main")).toBeVisible();
  await page.goto("/connect");
  await chooseRole(page);
  await expect(page.getByRole("radio", { name: "The key of “Main”" })).toBeChecked();
  await expect(page.getByLabel("Secret access key")).toBeHidden();
  await page.getByLabel("Name", { exact: true }).fill("By role");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(heading(page, "By role")).toBeVisible();
  await aws.trust(OTHER_READER.arn, (await trustPolicy(page)).externalId);
  await finishRole(page, OTHER_READER.arn);
  await expect(page.getByText("Connected. AWS knows the key")).toBeVisible();
  const facts = page.getByRole("region", { name: "What AWS says" });
  await facts.getByRole("link", { name: "Main" }).click();
  await expect(heading(page, "Main")).toBeVisible();

  const remove = page.getByRole("region", { name: "Delete" });
  await remove.getByText("Delete this connection").click();
  await remove.getByRole("button", { name: "Yes, delete it" }).click();
  await expect(remove.getByRole("alert")).toContainText(
    "“Main” is needed: “By role” signs in with its key.",
  );
  await remove.getByRole("link", { name: "Show me" }).click();
  await expect(heading(page, "By role")).toBeVisible();
});

test("an unfinished role is discarded after asking", { tag: "@any-width" }, async ({ page }) => {
  await setUp(page);
  await chooseRole(page);
  await beginRole(page, "A mistake", ASSUME_ONLY);
  await page.getByText("Discard this role").click();
  await page.getByRole("button", { name: "Yes, discard it" }).click();
  await expect(page.getByText("The unfinished role is discarded.")).toBeVisible();
  await expect(page.getByText("A mistake")).toHaveCount(0);
});
