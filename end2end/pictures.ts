// The pictures of the README. Run by pictures.config.ts, not with the tests.
import type { Page } from "@playwright/test";
import { join } from "node:path";
import { expect, test, testWithAws } from "./fixtures";
import { Chart } from "./support/chart";
import { ADMIN, heading, setUp } from "./support/person";
import { scan } from "./support/savings";
import { reach, STATES } from "./support/states";

const FOLDER = join(__dirname, "../docs/pictures");

test.use({
  contextOptions: { reducedMotion: "reduce" },
  viewport: { width: 1280, height: 800 },
});

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (const one of document.getAnimations()) one.finish();
  });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage, caret: "hide" });
}

test("set-up and connect", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await take(page, "set-up");
  await setUp(page);
  await take(page, "connect", true);
});

for (const state of STATES) {
  testWithAws(`state: ${state.name}`, async ({ page, aws, later }) => {
    await reach(state, { page, aws, later });
    await page.evaluate(() => window.scrollTo(0, 0));
    await take(page, `state-${state.name}`);
  });
}

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("overview", async ({ page }) => {
    await page.goto("/");
    await new Chart(page).drawn();
    await take(page, "overview", true);
    await page.emulateMedia({ colorScheme: "dark" });
    const { colour } = await new Chart(page).entry(0);
    await expect.poll(() => new Chart(page).ink(colour)).toBeGreaterThan(500);
    await take(page, "overview-dark", true);
  });

  test("explorer, bill, forecast and spending", async ({ page }) => {
    for (const [path, title] of [
      ["/costs?period=90-days&compare=before", "Explorer"],
      ["/bill", "Bill"],
      ["/forecast", "Forecast"],
      ["/spending", "What this tool costs"],
    ] as const) {
      await page.goto(path);
      await expect(heading(page, title)).toBeVisible();
      if (title === "Explorer") await new Chart(page).drawn();
      await take(page, title === "Explorer" ? "explorer" : path.slice(1), true);
    }
  });

  test("savings, inventory, anomalies and commitments", async ({ page }) => {
    await page.goto("/savings");
    await scan(page);
    const findings = page.getByRole("region", { name: "Findings" });
    await expect(findings.getByRole("row").nth(1)).toBeVisible({ timeout: 60_000 });
    await take(page, "savings", true);
    await findings.getByRole("link").first().click();
    await expect(page.getByRole("region", { name: "Command" })).toBeVisible();
    await take(page, "finding", true);
    await page.goto("/savings/inventory");
    await expect(heading(page, "Inventory")).toBeVisible();
    await take(page, "inventory");
    await page.goto("/savings/anomalies");
    await expect(heading(page, "Anomalies")).toBeVisible();
    await take(page, "anomalies", true);
    await page.goto("/savings/commitments");
    await page.getByRole("button", { name: /^Ask AWS/ }).click();
    await expect(page.getByRole("heading", { name: "Savings Plans" })).toBeVisible({ timeout: 30_000 });
    await take(page, "commitments", true);
  });

  test("connections and sign-in", async ({ page, context }) => {
    await page.goto("/connections");
    await expect(heading(page, "Connections")).toBeVisible();
    await take(page, "connections");
    await context.clearCookies();
    await page.goto("/sign-in");
    await expect(heading(page, "Sign in")).toBeVisible();
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await take(page, "sign-in");
  });

  test.describe("phone", () => {
    test.use({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
    });

    test("overview", async ({ page }) => {
      await page.goto("/");
      await new Chart(page).drawn();
      await page.evaluate(() => window.scrollTo(0, 0));
      await take(page, "overview-phone");
    });

    test("explorer", async ({ page }) => {
      await page.goto("/costs?period=last-month");
      await new Chart(page).drawn();
      await page.evaluate(() => window.scrollTo(0, 0));
      await take(page, "explorer-phone", true);
    });
  });
});
