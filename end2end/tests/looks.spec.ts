// What every page owes everyone: contrast and names that axe can check, room for
// thumbs, nothing that scrolls sideways, nothing that jumps.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test, testWithAws } from "../fixtures";
import { Chart } from "../support/chart";
import { ASSUME_ONLY, GOOD, OTHER_READER, TEMPORARY } from "../support/keys";
import { fillKey, heading, setUp, signIn, WRONG_PASSWORD } from "../support/person";
import { scan } from "../support/savings";
import { reach, STATES } from "../support/states";
import { beginRole, chooseRole, finishRole, trustPolicy } from "../support/roles";

// Colours are checked as they end up, not as they fade in.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/** How a page can be wanted; in forced colours the system chooses them. */
const LOOKS = [
  { name: "light", colorScheme: "light", contrast: "no-preference", forcedColors: "none" },
  { name: "dark", colorScheme: "dark", contrast: "no-preference", forcedColors: "none" },
  { name: "light, more contrast", colorScheme: "light", contrast: "more", forcedColors: "none" },
  { name: "dark, more contrast", colorScheme: "dark", contrast: "more", forcedColors: "none" },
  { name: "forced colours", colorScheme: "light", contrast: "no-preference", forcedColors: "active" },
] as const;

/** Checks the page as it is, in each look. */
async function inspect(page: Page, what: string): Promise<void> {
  for (const { name, ...look } of LOOKS) {
    await page.emulateMedia(look);
    // Fading from one scheme to the other takes a moment.
    await page.evaluate(() => {
      for (const one of document.getAnimations()) {
        if (one.effect?.getComputedTiming().iterations === Infinity) one.cancel();
        else one.finish();
      }
    });
    const axe = new AxeBuilder({ page })
      // All lines of the long table are alike; looking at each takes minutes.
      .exclude("tbody tr:nth-child(n + 12)");
    // Only colours differ between them.
    if (name !== "light") axe.withRules("color-contrast");
    const { violations } = await axe.analyze();
    const told = violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`,
    );
    expect.soft(told, `${what}, ${name}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "dark", contrast: null, forcedColors: null });
  const size = page.viewportSize();
  expect.soft(await sideways(page), `${what}: scrolls sideways`).toEqual([]);
  if (size?.width === 390) {
    expect.soft(await tooSmall(page), `${what}: too small for thumbs`).toEqual([]);
  } else if (size) {
    // Between desk and phone, where columns become rows.
    await page.setViewportSize({ width: 768, height: size.height });
    // A chart takes its new size a moment later.
    await expect
      .configure({ soft: true })
      .poll(() => sideways(page), { message: `${what}: scrolls sideways at 768 px` })
      .toEqual([]);
    await page.setViewportSize(size);
  }
}

/** By how much the page is wider than the window. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    return scrollWidth <= window.innerWidth ? [] : [`${scrollWidth} > ${window.innerWidth}`];
  });
}

/** What one taps and is under 44 px in a direction. */
function tooSmall(page: Page): Promise<string[]> {
  return page
    .locator("button, input, select, textarea, summary, nav a, header a, table a, a.button")
    .evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => one.getAttribute("aria-hidden") !== "true")
        .map((one) => {
          // A label is part of what one taps.
          const { width, height } = one.getBoundingClientRect();
          const name = one.getAttribute("aria-label") ?? (one.textContent?.trim() || one.id);
          return { width, height, text: `${one.tagName} “${name}” ${width} × ${height}` };
        })
        .filter(({ width, height }) => width < 43.5 || height < 43.5)
        .map(({ text }) => text),
    );
}

test("set-up and connecting", async ({ page, complaints }) => {
  complaints.expect(/ 4\d\d /);
  complaints.expect(/console error/);
  await page.goto("/");
  await expect(heading(page, "Welcome")).toBeVisible();
  await inspect(page, "set-up");
  await setUp(page);
  await inspect(page, "connect");
  await page.getByText("What the key must be allowed to do").click();
  await page.getByLabel("Name", { exact: true }).fill("x");
  await page.getByLabel("Access key ID").fill("no key");
  await page.getByLabel("Secret access key").fill("none");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
  await inspect(page, "connect, with an error");
  await page.goto("/connections");
  await expect(heading(page, "Connections")).toBeVisible();
  await inspect(page, "no connections");
});

testWithAws.describe("the ways to connect", () => {
  testWithAws.use({
    serverArgs: ["--environment-credentials", "on"],
    serverEnv: { AWS_ACCESS_KEY_ID: GOOD.id, AWS_SECRET_ACCESS_KEY: GOOD.secret },
  });

  testWithAws("each, and what comes of it", async ({ page, aws }) => {
    await setUp(page);
    await page.getByLabel("Name", { exact: true }).fill("Temporary");
    await fillKey(page, TEMPORARY);
    await page.getByLabel("When does the session token end?").selectOption("at");
    await inspect(page, "connect, a temporary key");
    await page.getByLabel("When does the session token end?").selectOption("1h");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(heading(page, "Temporary")).toBeVisible();
    await inspect(page, "connection, a temporary key");

    await page.goto("/connect?way=server");
    await page.getByRole("button", { name: "See whose they are" }).click();
    await expect(page.getByRole("button", { name: "Connect with them" })).toBeVisible();
    await inspect(page, "connect, the server's credentials");

    await page.goto("/connect");
    await chooseRole(page);
    await inspect(page, "connect, a role");
    await beginRole(page, "Other company", ASSUME_ONLY);
    for (const folded of ["The ExternalId by itself", "Everything that can be used"]) {
      await page.getByText(folded).click();
    }
    await inspect(page, "a role to make");
    await page.goto("/connections");
    await inspect(page, "connections, a role to make");
    await page.getByRole("link", { name: "Other company" }).click();
    await aws.trust(OTHER_READER.arn, (await trustPolicy(page)).externalId);
    await finishRole(page, OTHER_READER.arn);
    await expect(page.getByText("Connected. AWS knows the key")).toBeVisible();
    await page.getByText("What they have to say").click();
    await inspect(page, "connection, a role");
  });
});

for (const state of STATES) {
  testWithAws(`the Overview, ${state.name}`, async ({ page, aws, later }) => {
    await reach(state, { page, aws, later });
    await inspect(page, `overview, ${state.name}`);
  });
}

test.describe("with costs", () => {
  test.use({ begin: "with costs" });

  test("the Overview", async ({ page }) => {
    await page.goto("/");
    await new Chart(page).drawn();
    await inspect(page, "overview");
  });

  test("every day in numbers", async ({ page }) => {
    await page.goto("/");
    await new Chart(page).drawn();
    await page.locator("summary", { hasText: "Every day in numbers" }).click();
    await expect(page.getByRole("table", { name: /^Cost by day and service/ })).toBeVisible();
    await inspect(page, "overview, every day");
  });

  test("the Explorer", async ({ page }) => {
    await page.goto("/costs?period=last-month&compare=before&then=REGION");
    await new Chart(page).drawn();
    await inspect(page, "explorer, compared");
    await page.goto("/costs?period=last-month&only=REGION");
    await new Chart(page).drawn();
    for (const folded of ["Saved views", "Export"]) {
      await page.getByText(folded, { exact: true }).click();
    }
    await expect(page.getByLabel("eu-west-1")).toBeVisible();
    await inspect(page, "explorer, everything unfolded");
    await page.goto("/costs?by=TAG:Team");
    await expect(page.getByRole("button", { name: /^Ask AWS/ })).toBeVisible();
    await inspect(page, "explorer, AWS has to be asked");
  });

  test("bill and forecast", async ({ page }) => {
    for (const [path, name] of [["/bill", /^Bill/], ["/forecast", /^Forecast/]] as const) {
      await page.goto(path);
      await expect(heading(page, name)).toBeVisible();
      await inspect(page, path);
    }
  });

  test("what could be saved", async ({ page }) => {
    await page.goto("/savings");
    await expect(heading(page, "Savings")).toBeVisible();
    await inspect(page, "savings, nothing looked at");
    await scan(page);
    const findings = page.getByRole("region", { name: "Findings" });
    await expect(findings.getByRole("row").nth(1)).toBeVisible({ timeout: 60_000 });
    await inspect(page, "findings");
    await findings.getByRole("link").first().click();
    await expect(page.getByRole("region", { name: "Command" })).toBeVisible();
    await inspect(page, "finding");
    for (const [path, name] of [
      ["/savings/inventory", "Inventory"],
      ["/savings/anomalies", "Anomalies"],
      ["/savings/commitments", "Commitments"],
    ] as const) {
      await page.goto(path);
      await expect(heading(page, name)).toBeVisible();
      await inspect(page, path);
    }
    await page.getByRole("button", { name: /^Ask AWS/ }).click();
    await expect(page.getByRole("heading", { name: "Savings Plans" })).toBeVisible({ timeout: 30_000 });
    await inspect(page, "commitments, told");
  });

  test("connections and account", async ({ page }) => {
    await page.goto("/connections");
    await expect(heading(page, "Connections")).toBeVisible();
    await inspect(page, "connections");
    await page.getByRole("link", { name: "Sample account" }).click();
    await expect(heading(page, "Sample account")).toBeVisible();
    await page.getByText("Delete this connection").click();
    await inspect(page, "connection");
    await page.getByRole("link", { name: "What it may do" }).click();
    await expect(heading(page, "Key doctor")).toBeVisible();
    await inspect(page, "key doctor");
    await page.goto("/spending");
    await expect(heading(page, "What this tool costs")).toBeVisible();
    await inspect(page, "spending");
    await page.goto("/account");
    await expect(heading(page, "Account")).toBeVisible();
    await inspect(page, "account");
  });

  test("signing in, and a page that isn't there", async ({ page, complaints, context }) => {
    complaints.expect(/ 4\d\d /);
    complaints.expect(/console error/);
    await page.goto("/nowhere");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await inspect(page, "not found");
    await context.clearCookies();
    await page.goto("/sign-in");
    await expect(heading(page, "Sign in")).toBeVisible();
    await inspect(page, "sign-in");
    await signIn(page, WRONG_PASSWORD);
    await expect(page.getByRole("alert")).toContainText("wrong");
    await inspect(page, "sign-in, with an error");
  });

  test("nothing moves when the chart arrives", async ({ page }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/pkg/echarts*", async (route) => {
      await held;
      await route.continue();
    });
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          shifts.push((entry as PerformanceEntry & { value: number }).value);
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    const asked = page.waitForRequest("**/pkg/echarts*");
    await page.goto("/");
    const chart = new Chart(page);
    await chart.reach();
    // The server's drawing has been replaced by what will hold the chart.
    await asked;
    const below = page.getByRole("heading", { name: "By service and month" });
    const before = [await chart.frame.boundingBox(), await below.boundingBox()];
    release();
    await chart.drawn();
    expect([await chart.frame.boundingBox(), await below.boundingBox()]).toEqual(before);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((all, one) => all + one, 0)).toBeLessThan(0.01);
  });

  test("the keyboard reaches everything, and one sees where it is", { tag: "@any-width" }, async ({ page }) => {
    await page.goto("/");
    // Without going there, or the keyboard would go on from there.
    await expect(new Chart(page).canvas).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeInViewport();
    const reached = new Set<string>();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press("Tab");
      const { name, ring } = await page.evaluate(() => {
        const one = document.activeElement;
        const style = one === null ? undefined : getComputedStyle(one);
        return {
          name: one?.getAttribute("aria-label") ?? one?.id ?? "",
          ring: style?.outlineStyle !== "none" || style?.boxShadow !== "none",
        };
      });
      expect.soft(ring, `what has the focus shows it (step ${step}, ${name})`).toBe(true);
      const text = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
      reached.add(name || text);
      if (text === "Refresh") break;
    }
    expect([...reached]).toEqual(
      expect.arrayContaining(["metric", "Last 30 days", "Cost by service and month", "Refresh"]),
    );
  });
});
