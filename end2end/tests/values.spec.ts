// Accounts are found by what people call them, and by their numbers.
import { expect, test } from "../fixtures";

test.use({ begin: "with costs" });

test("linked accounts have their names among the values", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/costs?by=LINKED_ACCOUNT&only=LINKED_ACCOUNT");
  const line = page.getByRole("region", { name: "Costs by group" }).locator("tbody th").filter({ has: page.locator(".table__note") });
  const number = (await line.first().locator(".table__note").innerText()).trim();
  const name = (await line.first().locator("a:not(.pin)").innerText()).trim();
  const value = page.getByRole("group", { name: "Account" }).getByLabel(`${name} (${number})`);
  await expect(value).toBeVisible();
  await value.check();
  await expect(page).toHaveURL(new RegExp(`values=${number}`));
});
