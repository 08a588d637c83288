// What every browser test builds on: a real server of its own, and a page whose
// complaints fail the test.
//
//   import { expect, test } from "../fixtures";
//   test("…", async ({ page, server }) => { await page.goto("/"); });
//
// `page.goto` takes paths: the server's address is the base URL. The server is
// empty, unless the file says `test.use({ begin: "with costs" })`: then Ann is
// signed in, and the sample account's costs are there.
//
// A test that provokes a refusal on purpose says so with
// `complaints.expect(/ 403 /)`; what is expected must then happen, or the test
// fails as well.
import { type Page, test as base } from "@playwright/test";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Complaints } from "./support/complaints";
import { SECRETS } from "./support/keys";
import { PASSWORDS } from "./support/person";
import { type Program, serve, simulateAws } from "./support/program";
import { Simulator } from "./support/simulator";
import { TEMPLATE_VARIABLE, TODAY } from "./support/template";

export { expect } from "@playwright/test";
export { TODAY } from "./support/template";

/** A running `cost-tracker serve`. */
export interface Server extends Program {
  /** Its data folder. */
  readonly dataDir: string;
}

/** What a test file may set with `test.use({ … })`. */
export interface Options {
  /** Whether nobody was there before, or everything is set up. */
  begin: "empty" | "with costs";
  /** The day that the server and its AWS play. */
  today: string;
  /** Whether `page.goto` and `page.reload` end only once the page's scripts are there. */
  waitsForScripts: boolean;
  /** Further arguments of `cost-tracker serve`. */
  serverArgs: string[];
  /** Further variables in its environment. */
  serverEnv: Record<string, string>;
}

interface Fixtures {
  server: Server;
  /** A simulator beside the server; nothing asks it unless `testWithAws` is used. */
  aws: Simulator;
  endpoint: string[];
  complaints: Complaints;
  /** Does something after the test, the last one first. */
  later: (end: () => Promise<unknown>) => void;
}

function template(): string {
  const folder = process.env[TEMPLATE_VARIABLE];
  if (folder === undefined) throw new Error("the configuration has no globalSetup");
  return folder;
}

/**
 * A page works as it came, and again once its scripts are there: a test that means the second
 * must not be quicker than they are.
 */
function patient(page: Page): void {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => {
    const answer = await goto(...args);
    await alive(page);
    return answer;
  };
  page.reload = async (...args) => {
    const answer = await reload(...args);
    await alive(page);
    return answer;
  };
}

/** Waits until a page's scripts are there, if it has any. */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const needs = document.querySelector("template[data-pieces]");
    const script = document.querySelector("script[type=module]");
    return needs === null || script === null || needs.hasAttribute("data-alive");
  });
}

export const test = base.extend<Options & Fixtures>({
  begin: ["empty", { option: true }],
  today: [TODAY, { option: true }],
  waitsForScripts: [true, { option: true }],
  serverArgs: [[], { option: true }],
  serverEnv: [{}, { option: true }],

  aws: async ({ today }, use) => {
    const program = await simulateAws(["--today", today]);
    try {
      await use(new Simulator(program.url));
    } finally {
      await program.stop();
    }
  },

  endpoint: async ({}, use) => use([]),

  server: async ({ begin, today, endpoint, serverArgs, serverEnv }, use, info) => {
    const folder = await mkdtemp(join(tmpdir(), "cost-tracker-"));
    const dataDir = join(folder, "data");
    const args = ["--sample-account", "on", "--today", today, ...endpoint, ...serverArgs];
    let program: Program | undefined;
    try {
      if (begin === "with costs") {
        await cp(join(template(), "data"), dataDir, { recursive: true });
      }
      program = await serve(dataDir, args, serverEnv);
      await use({ ...program, dataDir });
    } finally {
      await program?.stop();
      await rm(folder, { recursive: true, force: true });
      if (program !== undefined && info.status !== info.expectedStatus) {
        await info.attach("server.log", {
          body: program.log(),
          contentType: "text/plain",
        });
      }
    }
  },

  baseURL: async ({ server }, use) => use(server.url),

  storageState: async ({ begin }, use) =>
    use(begin === "with costs" ? join(template(), "cookies.json") : undefined),

  complaints: async ({ javaScriptEnabled }, use) =>
    use(new Complaints([...SECRETS, ...PASSWORDS], javaScriptEnabled ?? true)),

  later: async ({}, use) => {
    const ends: (() => Promise<unknown>)[] = [];
    await use((end) => ends.push(end));
    for (const end of ends.reverse()) await end();
  },

  page: async ({ page, complaints, waitsForScripts, javaScriptEnabled }, use) => {
    complaints.listen(page);
    if (waitsForScripts && (javaScriptEnabled ?? true)) patient(page);
    await use(page);
    complaints.settle();
  },
});

/** For tests with keys of their own: the server's AWS is the simulator `aws`. */
export const testWithAws = test.extend({
  endpoint: async ({ aws }, use) => use(["--aws-endpoint-url", aws.url]),
});
