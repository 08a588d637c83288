// Coming in and going out.
import { expect, test } from "../fixtures";
import { amount, changed, figure } from "../support/money";
import { ADMIN, heading, NEW_PASSWORD, place, signIn, WRONG_PASSWORD } from "../support/person";

test.use({ begin: "with costs" });

test.describe("a stranger", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("signs in first, and then is where they wanted to be", async ({ page }) => {
    for (const path of ["/connections", "/connect", "/account", "/?metric=amortized"]) {
      await page.goto(path);
      await expect(heading(page, "Sign in")).toBeVisible();
      expect(new URL(page.url()).searchParams.get("next"), path).toBe(path);
    }
    await signIn(page);
    await expect(heading(page, "Overview")).toBeVisible();
    expect(place(page)).toBe("/?metric=amortized");
    await expect(page.getByLabel("Metric")).toHaveValue("amortized");
  });

  test("isn't led to another site by a crafted address", { tag: "@any-width" }, async ({ page, server }) => {
    await page.goto("/sign-in?next=//example.com/");
    await signIn(page);
    await expect(heading(page, "Overview")).toBeVisible();
    expect(new URL(page.url()).origin).toBe(server.url);
  });

  test("learns that something is wrong, not what, and has to slow down", { tag: "@any-width" }, async ({
    page,
    complaints,
  }) => {
    complaints.expect(/sign_in 4\d\d /);
    complaints.expect(/console error/);
    await page.goto("/sign-in");
    const alert = page.getByRole("alert");
    for (const email of [ADMIN.email, "nobody@example.com"]) {
      const answer = page.waitForResponse(/sign_in/);
      await signIn(page, WRONG_PASSWORD, email);
      await answer;
      await expect(alert).toContainText("The e-mail address or the password is wrong.");
      await expect(page.getByLabel("E-mail")).toHaveValue(email);
    }
    await expect
      .poll(
        async () => {
          const answer = page.waitForResponse(/sign_in/);
          await signIn(page, WRONG_PASSWORD);
          await answer;
          return alert.innerText();
        },
        { intervals: [0], timeout: 30_000 },
      )
      .toMatch(/too many failed attempts to sign in\.\s+Wait .*then try again/);
  });
});

test("signing out ends the session", async ({ page, context }) => {
  await page.goto("/");
  const before = await context.cookies();
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();
  await page.goto("/");
  await expect(heading(page, "Sign in")).toBeVisible();
  // A copy of the cookie is worth nothing either.
  await context.addCookies(before);
  await page.goto("/");
  await expect(heading(page, "Sign in")).toBeVisible();
});

test("the cookie can't be read by scripts", { tag: "@any-width" }, async ({ page, context }) => {
  await page.goto("/");
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  }
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("changing the password signs other devices out", async ({ page, context, browser, server, complaints }) => {
  complaints.expect(/change_password 4\d\d /);
  complaints.expect(/console error/);
  const other = await browser.newContext({
    baseURL: server.url,
    storageState: await context.storageState(),
  });
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText(ADMIN.email);
  const change = async (current: string, next: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change the password" }).click();
  };
  await change(WRONG_PASSWORD, NEW_PASSWORD);
  await expect(page.getByText("This isn't your current password.")).toBeVisible();
  await change(ADMIN.password, NEW_PASSWORD);
  await expect(page.getByText("The password is changed.")).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("");

  await page.goto("/");
  await expect(heading(page, "Overview")).toBeVisible();
  const stale = await other.newPage();
  await stale.goto("/");
  await expect(heading(stale, "Sign in")).toBeVisible();
  await other.close();
});

test("a session that ended elsewhere leads to signing in", { tag: "@any-width" }, async ({ page, context, complaints }) => {
  complaints.expect(/ 401 /);
  complaints.expect(/console error/);
  await page.goto("/");
  const now = figure(page, "This month so far");
  const before = await amount(now);
  await page.getByLabel("Metric").selectOption({ label: "Amortized" });
  await expect(page).toHaveURL(/metric=amortized/);
  // Answered: what is on its way would end with the session, too.
  await changed(now, before);
  await context.clearCookies();
  await page.getByLabel("Metric").selectOption({ label: "Blended" });
  await expect(heading(page, "Sign in")).toBeVisible();
  await signIn(page);
  await expect(heading(page, "Overview")).toBeVisible();
  await expect(page.getByLabel("Metric")).toHaveValue("blended");
});

test("unknown pages and other people's connections are not found", async ({ page, complaints }) => {
  complaints.expect(/ 404 /);
  complaints.expect(/console error/);
  const paths = ["/nowhere", "/connections/00000000-0000-4000-8000-000000000000", "/connections/nonsense"];
  for (const path of paths) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "Go to the Overview" }).click();
    await expect(heading(page, "Overview")).toBeVisible();
  }
});

test("the navigation leads everywhere and says where one is", async ({ page }) => {
  await page.goto("/");
  const navigation = page.getByRole("navigation", { name: "Main" });
  for (const name of ["Connections", "Account", "Overview"]) {
    await navigation.getByRole("link", { name }).click();
    await expect(heading(page, name)).toBeVisible();
    await expect(navigation.locator("[aria-current=page]")).toHaveText(name);
    await expect(page).toHaveTitle(new RegExp(`^${name} ·|^${name}|Cost Tracker`));
  }
});
