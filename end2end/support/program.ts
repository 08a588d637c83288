// Starts and stops the program under test. Knows no page.
import { type ChildProcess, spawn } from "node:child_process";

/** A running `cost-tracker`. */
export interface Program {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Everything it has written so far. */
  log(): string;
  /** Ends it, gracefully if it can. */
  stop(): Promise<void>;
}

/** The program that `cargo` made last, or the one that xtask names. */
export const BINARY = process.env.COST_TRACKER_BIN ?? "target/debug/cost-tracker";

/** Starts `cost-tracker serve` on a free port and waits until it is ready. */
export function serve(
  dataDir: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Program> {
  return start("/readyz", ["serve", ...FREE_PORT, "--data-dir", dataDir, ...args], env);
}

/** Starts `cost-tracker simulate-aws` on a free port. */
export function simulateAws(args: string[] = []): Promise<Program> {
  return start("/_simulator/today", ["simulate-aws", ...FREE_PORT, ...args]);
}

/** The program takes one and says which: one found beforehand may be another's by then. */
const FREE_PORT = ["--listen", "127.0.0.1:0"];
/** How both say it. */
const ADDRESS = /^(?:Cost Tracker is|AWS is played) at .*?(127\.0\.0\.1:\d+)/m;

async function start(
  ready: string,
  command: string[],
  env: Record<string, string> = {},
): Promise<Program> {
  const child = spawn(BINARY, command, {
    env: { ...withoutSettings(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const keep = (chunk: Buffer) => (log += chunk.toString());
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let ended: string | undefined;
  child.on("error", (error) => (ended = String(error)));
  child.on("exit", (code, signal) => (ended ??= `it ended (${code ?? signal})`));

  const deadline = Date.now() + 30_000;
  for (;;) {
    const url = `http://${ADDRESS.exec(log)?.[1]}`;
    if (ADDRESS.test(log) && (await answers(url + ready))) {
      return { url, log: () => log, stop: () => stop(child) };
    }
    if (ended !== undefined || Date.now() > deadline) {
      await stop(child);
      throw new Error(
        `${BINARY} did not become ready: ${ended ?? "30 s passed"}\n${log}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Neither the harness's own variables nor a developer's are for the program. */
export function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("COST_TRACKER_"),
    ),
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
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
