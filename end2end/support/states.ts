// How the Overview gets into each of its states. Tests look at them, and the pictures in
// the documents show them.
import { type Page, expect, request } from "@playwright/test";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BRAND_NEW, GOOD, type Key } from "./keys";
import { figure } from "./money";
import { fillKey, heading, setUp, synced } from "./person";
import { serve } from "./program";
import type { Simulator } from "./simulator";
import { TEMPLATE_VARIABLE, TODAY } from "./template";

/** What a state is made with. */
export interface Around {
  readonly page: Page;
  readonly aws: Simulator;
  /** To be done when all has been looked at. */
  readonly later: (end: () => Promise<unknown>) => void;
}

/** A state: how one gets there, and what the page then says. */
export interface State {
  readonly name: string;
  readonly reach: (around: Around) => Promise<void>;
  readonly says: RegExp;
  /** What it offers to do about it. */
  readonly offers: { role: "button" | "link"; name: RegExp };
}

async function connect(page: Page, key: Key): Promise<void> {
  await setUp(page);
  await page.getByLabel("Name", { exact: true }).fill("Production");
  await fillKey(page, key);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("link", { name: "See the Overview" }).click({ timeout: 60_000 });
  await expect(heading(page, "Overview")).toBeVisible();
}

/** The Overview that nobody refreshes, some days later. */
async function daysLater({ page, later }: Around): Promise<void> {
  const template = process.env[TEMPLATE_VARIABLE];
  if (template === undefined) throw new Error("the configuration has no globalSetup");
  const folder = await mkdtemp(join(tmpdir(), "cost-tracker-stale-"));
  later(() => rm(folder, { recursive: true, force: true }));
  await cp(join(template, "data"), folder, { recursive: true });
  const cookies = join(template, "cookies.json");

  const then = await serve(folder, ["--sample-account", "on", "--today", TODAY]);
  const visitor = await request.newContext({
    baseURL: then.url,
    storageState: cookies,
    extraHTTPHeaders: { accept: "text/html", origin: then.url },
  });
  const html = await (await visitor.get("/connections")).text();
  const connection = /\/connections\/([0-9a-f-]{36})/.exec(html)?.[1] ?? "";
  const set = await visitor.post("/api/jobs/set_cadence", {
    form: { connection, cadence: "manual" },
  });
  expect(set.url()).toContain("saved=cadence");
  await visitor.dispose();
  await then.stop();

  // When it was asked tells the machine's clock, whatever day is played.
  const today = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
  const now = await serve(folder, ["--sample-account", "on", "--today", today]);
  later(() => now.stop());
  await page.context().addCookies(JSON.parse(await readFile(cookies, "utf8")).cookies);
  await page.goto(`${now.url}/`);
  await expect(heading(page, "Overview")).toBeVisible();
}

export const STATES: readonly State[] = [
  {
    name: "loading",
    reach: async ({ page, aws }) => {
      await aws.delay(1500);
      await connect(page, GOOD);
    },
    says: /^Getting your costs for the first time/,
    offers: { role: "button", name: /^Pause$/ },
  },
  {
    name: "partial",
    reach: async ({ page, aws }) => {
      await aws.delay(600);
      await connect(page, GOOD);
      await expect(figure(page, "This month so far").locator("data")).toBeVisible({ timeout: 60_000 });
      await page.getByRole("button", { name: "Cancel", exact: true }).click();
    },
    says: /^Cancelled before everything was here/,
    offers: { role: "button", name: /^Try again$/ },
  },
  {
    name: "empty",
    reach: async ({ page }) => {
      await connect(page, BRAND_NEW);
      await synced(page);
    },
    says: /^AWS has no costs for this account/,
    offers: { role: "button", name: /^Refresh$/ },
  },
  {
    name: "failing",
    reach: async ({ page, aws }) => {
      await connect(page, GOOD);
      await synced(page);
      await aws.refuse("AccessDeniedException");
      await page.getByRole("button", { name: "Refresh" }).click();
    },
    says: /may not|isn't allowed|ce:GetCostAndUsage/,
    offers: { role: "button", name: /^Try again$/ },
  },
  {
    name: "cap-reached",
    reach: async ({ page }) => {
      await connect(page, GOOD);
      await synced(page);
      await page.getByRole("link", { name: "Connections" }).click();
      await page.getByRole("link", { name: "Production" }).first().click();
      await page.getByLabel("Cap in dollars a month").fill("0.01");
      await page.getByRole("button", { name: "Save the cap" }).click();
      await expect(page.getByText("The monthly cap is changed.")).toBeVisible();
      await page.getByRole("link", { name: "See the Overview" }).click();
      await expect(heading(page, "Overview")).toBeVisible();
    },
    says: /^The monthly cap for requests is reached/,
    offers: { role: "link", name: /^Change the cap$/ },
  },
  {
    name: "stale",
    reach: daysLater,
    says: /^These figures are \d days old/,
    offers: { role: "link", name: /^Change how often$/ },
  },
];

/** Brings the page into a state, and sees that it says so and what to do. */
export async function reach(state: State, around: Around): Promise<void> {
  const { page } = around;
  await state.reach(around);
  await expect(page.getByText(state.says).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole(state.offers.role, { name: state.offers.name }).first()).toBeVisible();
}
