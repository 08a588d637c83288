// Without scripts: forms, redirects and tables do all of it.
import { expect, test } from "../fixtures";
import { amount, figure, sum, table } from "../support/money";
import { ADMIN, connectSample, heading, NEW_PASSWORD, place, setUp, signIn, WRONG_PASSWORD } from "../support/person";

test.use({ javaScriptEnabled: false });

test("a newcomer sets up, connects the sample account and reads this month's cost", async ({
  page,
}) => {
  await setUp(page);
  await connectSample(page);
  // Each load shows how far it is; the page loads itself again until it is there.
  await expect(page.getByText(/reloads every three seconds/)).toBeVisible();
  const month = figure(page, "This month so far");
  await expect(month.locator("data")).toHaveAttribute("value", /^[\d.]*[1-9]/, { timeout: 60_000 });
});

test("weak passwords are refused with a reason, and the address is kept", { tag: "@any-width" }, async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password").fill("password1234");
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByRole("alert")).toContainText(/password/i);
  await expect(page.getByLabel("E-mail")).toHaveValue(ADMIN.email);
  await expect(page.getByLabel("Password")).toHaveValue("");
  expect(page.url()).not.toContain("password1234");
});

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("signing out and in again", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(heading(page, "Sign in")).toBeVisible();

    await page.goto("/account");
    expect(place(page)).toBe("/sign-in?next=/account");
    await signIn(page, WRONG_PASSWORD);
    await expect(page.getByRole("alert")).toContainText(
      "The e-mail address or the password is wrong.",
    );
    await expect(page.getByLabel("E-mail")).toHaveValue(ADMIN.email);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await signIn(page);
    await expect(heading(page, "Account")).toBeVisible();
  });

  test("the Overview is there as text, and changes its metric by a form", async ({ page }) => {
    await page.goto("/");
    await expect(heading(page, "Overview")).toBeVisible();
    const before = await table(page, /^Cost by service and month/);
    expect(before.totals.at(-2)).toBe(await amount(figure(page, "This month so far")));
    before.totals.forEach((total, column) => {
      expect(sum(before.lines.map((line) => line[column] ?? 0n))).toBe(total);
    });
    // What needs a script isn't shown without one.
    await expect(page.getByRole("group", { name: "Days in view" })).toBeHidden();

    await page.getByLabel("Metric").selectOption({ label: "Amortized" });
    await page.getByRole("button", { name: "Show" }).click();
    expect(place(page)).toContain("metric=amortized");
    await expect(page.getByLabel("Metric").locator("option:checked")).toHaveText("Amortized");
    await expect(page.getByRole("table", { name: /^Cost by service and month/ }).locator("tfoot data")).toHaveCount(
      before.totals.length,
    );
    const after = await table(page, /^Cost by service and month/);
    expect(after.totals).not.toEqual(before.totals);

    // The Explorer has a month's days, of the same costs.
    await page.getByRole("link", { name: "Nov 2026", exact: true }).click();
    await expect(heading(page, "Explorer")).toBeVisible();
    await expect(page.getByRole("columnheader", { name: /^24 Nov/ })).toBeVisible();
    await expect(page.getByLabel("Metric").locator("option:checked")).toHaveText("Amortized");
  });

  test("refreshing works by a form", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(heading(page, "Overview")).toBeVisible();
  });

  test("changing the password", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/account");
    const change = async (current: string, next: string) => {
      await page.getByLabel("Current password").fill(current);
      await page.getByLabel("New password").fill(next);
      await page.getByRole("button", { name: "Change the password" }).click();
    };
    await change(WRONG_PASSWORD, NEW_PASSWORD);
    await expect(page.getByRole("alert").filter({ hasText: /./ })).toContainText(
      "This isn't your current password.",
    );
    await change(ADMIN.password, NEW_PASSWORD);
    await expect(page.getByText("The password is changed.")).toBeVisible();
    await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
    await signIn(page, NEW_PASSWORD);
    await expect(heading(page, "Overview")).toBeVisible();
  });

  test("renaming, and deleting after asking", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/connections");
    await page.getByRole("link", { name: "Sample account" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Looking around");
    await page.getByRole("button", { name: "Save the name" }).click();
    await expect(heading(page, "Looking around")).toBeVisible();
    const yes = page.getByRole("button", { name: "Yes, delete it" });
    await expect(yes).toBeHidden();
    await page.getByText("Delete this connection").click();
    await yes.click();
    await expect(page.getByText("The connection, its key and its costs are deleted.")).toBeVisible();
    await page.goto("/");
    await expect(heading(page, /^Connect/)).toBeVisible();
  });
});
