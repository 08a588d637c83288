// Connecting by a role without scripts: plain forms all the way.
import { expect, testWithAws as test } from "../fixtures";
import { ASSUME_ONLY, OTHER_READER, WRONG_SECRET } from "../support/keys";
import { fillKey, heading, setUp } from "../support/person";
import { beginRole, chooseRole, finishRole, trustPolicy } from "../support/roles";

test.use({ javaScriptEnabled: false });

test("a role is begun, refused, mended and connected", async ({ page, aws }) => {
  await setUp(page);
  await chooseRole(page);
  await page.getByLabel("Name", { exact: true }).fill("Other company");
  await fillKey(page, ASSUME_ONLY, WRONG_SECRET);
  await page.getByRole("button", { name: "Continue" }).click();
  const alert = page.getByRole("alert").filter({ hasText: /./ });
  await expect(alert).toContainText("The secret key doesn't belong to this access key id.");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Other company");
  await expect(page.getByLabel("Secret access key")).toHaveValue("");

  await beginRole(page, "Other company", ASSUME_ONLY);
  const trust = await trustPolicy(page);
  await finishRole(page, OTHER_READER.arn);
  await expect(alert).toContainText("AWS didn't let this server take on the role.");
  await expect(page.getByLabel("The role’s ARN")).toHaveValue(OTHER_READER.arn);
  expect(await trustPolicy(page)).toEqual(trust);
  await aws.trust(OTHER_READER.arn, trust.externalId);
  await finishRole(page, OTHER_READER.arn);
  await expect(heading(page, "Other company")).toBeVisible();
  await expect(page.getByText("Connected. AWS knows the key")).toBeVisible();
  expect(await page.content()).not.toContain(ASSUME_ONLY.secret);
});
