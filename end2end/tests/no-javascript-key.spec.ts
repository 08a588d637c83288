// Keys of one's own, without scripts: what was typed comes back, secrets don't.
import { expect, testWithAws as test } from "../fixtures";
import { GOOD, WRONG_SECRET } from "../support/keys";
import { fillKey, heading, setUp } from "../support/person";

test.use({ javaScriptEnabled: false });

test("a wrong secret is told and mended", async ({ page }) => {
  await setUp(page);
  await page.getByLabel("Name", { exact: true }).fill("Production");
  await fillKey(page, GOOD, WRONG_SECRET);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toContainText(
    "The secret key doesn't belong to this access key id.",
  );
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Production");
  await expect(page.getByLabel("Access key ID")).toHaveValue(GOOD.id);
  await expect(page.getByLabel("Secret access key")).toHaveValue("");
  await expect(page.getByLabel(/Session token/)).toHaveValue("");

  await page.getByLabel("Secret access key").fill(GOOD.secret);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(heading(page, "Production")).toBeVisible();
  expect(await page.content()).not.toContain(GOOD.secret);
});
