// Starts and stops the program under test. Knows no page.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

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
  const command = (address: string) => ["serve", "--listen", address, "--data-dir", dataDir];
  return start("/readyz", (address) => [...command(address), ...args], env);
}

/** Starts `cost-tracker simulate-aws` on a free port. */
export function simulateAws(args: string[] = []): Promise<Program> {
  return start("/_simulator/today", (address) => [
    "simulate-aws",
    "--listen",
    address,
    ...args,
  ]);
}

async function start(
  ready: string,
  command: (address: string) => string[],
  env: Record<string, string> = {},
): Promise<Program> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(BINARY, command(address), {
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

  const url = `http://${address}`;
  const deadline = Date.now() + 30_000;
  while (!(await answers(url + ready))) {
    if (ended !== undefined || Date.now() > deadline) {
      await stop(child);
      throw new Error(
        `${BINARY} did not become ready: ${ended ?? "30 s passed"}\n${log}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return { url, log: () => log, stop: () => stop(child) };
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
