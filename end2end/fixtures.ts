// What every browser test builds on: a real server of its own, and a page whose
// complaints fail the test.
//
//   import { expect, test } from "../fixtures";
//   test("…", async ({ page, server }) => { await page.goto("/"); });
//
// `page.goto` takes paths: the server's address is the base URL. A test that
// provokes a refusal on purpose says so with `complaints.expect(/ 403 /)`; what
// is expected must then happen, or the test fails as well.
import { test as base } from "@playwright/test";
import type { Page } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export { expect } from "@playwright/test";

/** A running `cost-tracker serve`. */
export interface Server {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Its data folder, empty at the start. */
  readonly dataDir: string;
  /** Everything it has written to its log so far. */
  log(): string;
}

/** Collects what a page should never do, and fails the test that provoked it. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  /** Allows, and from now on demands, a complaint. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Listens to a page; the fixtures' own page is listened to already. */
  listen(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        const { url } = message.location();
        this.heard.push(`console ${message.type()}: ${message.text()} (${url})`);
      }
    });
    page.on("pageerror", (error) => this.heard.push(`exception: ${error}`));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "no reason given";
      // Leaving a page ends its requests; that is no failure.
      if (reason !== "net::ERR_ABORTED") {
        this.heard.push(`request: ${request.method()} ${request.url()} ${reason}`);
      }
    });
    page.on("response", (response) => {
      if (response.status() >= 400) {
        const method = response.request().method();
        this.heard.push(`response: ${method} ${response.url()} ${response.status()} `);
      }
    });
  }

  /** Throws when something was heard that nobody expected, or the reverse. */
  settle(): void {
    const unexpected = this.heard.filter(
      (line) => !this.expected.some((pattern) => pattern.test(line)),
    );
    if (unexpected.length > 0) {
      throw new Error(`the page complained:\n${unexpected.join("\n")}`);
    }
    const missing = this.expected.filter(
      (pattern) => !this.heard.some((line) => pattern.test(line)),
    );
    if (missing.length > 0) {
      throw new Error(`expected complaints that never came: ${missing.join(", ")}`);
    }
  }
}

/** What a test file may set with `test.use({ serverArgs: […] })`. */
export interface Options {
  /** Further arguments of `cost-tracker serve`. */
  serverArgs: string[];
}

export const test = base.extend<
  Options & { server: Server; complaints: Complaints }
>({
  serverArgs: [[], { option: true }],

  server: async ({ serverArgs }, use, info) => {
    const dataDir = await mkdtemp(join(tmpdir(), "cost-tracker-"));
    const running = await start(dataDir, serverArgs);
    try {
      await use(running.server);
    } finally {
      await stop(running.child);
      await rm(dataDir, { recursive: true, force: true });
      if (info.status !== info.expectedStatus) {
        await info.attach("server.log", {
          body: running.server.log(),
          contentType: "text/plain",
        });
      }
    }
  },

  baseURL: async ({ server }, use) => use(server.url),

  complaints: async ({}, use) => use(new Complaints()),

  page: async ({ page, complaints }, use) => {
    complaints.listen(page);
    await use(page);
    complaints.settle();
  },
});

async function start(
  dataDir: string,
  args: string[],
): Promise<{ child: ChildProcess; server: Server }> {
  const binary = process.env.COST_TRACKER_BIN ?? "target/debug/cost-tracker";
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    binary,
    [
      "serve",
      "--listen",
      address,
      "--data-dir",
      dataDir,
      "--sample-account",
      "on",
      ...args,
    ],
    { env: withoutSettings(), stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  const keep = (chunk: Buffer) => (log += chunk.toString());
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let ended: string | undefined;
  child.on("error", (error) => (ended = String(error)));
  child.on("exit", (code, signal) => (ended ??= `it ended (${code ?? signal})`));

  const url = `http://${address}`;
  const deadline = Date.now() + 30_000;
  while (!(await isReady(url))) {
    if (ended !== undefined || Date.now() > deadline) {
      await stop(child);
      throw new Error(
        `${binary} did not become ready: ${ended ?? "30 s passed"}\n${log}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, server: { url, dataDir, log: () => log } };
}

/** The harness's own variables are no settings of the server. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("COST_TRACKER_"),
    ),
  );
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  // It may be drawing out its graceful shutdown; the test is over.
  const impatience = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(impatience);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no free port")),
      );
    });
  });
}
