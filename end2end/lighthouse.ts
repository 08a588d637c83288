// Lighthouse on pages with a year of sample costs, signed in: the middle one of several
// looks, since each depends on what else the machine was doing. Prints scores, the
// largest contentful paint and what was transferred; fails below what we promise.
// Run by lighthouse.config.ts, not with the tests.
import { chromium } from "@playwright/test";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "./fixtures";

test.use({ begin: "with costs" });

/** The parts of Lighthouse's report that we read. */
interface Report {
  categories: Record<string, { score: number | null }>;
  audits: Record<string, Audit>;
}

interface Audit {
  title: string;
  score: number | null;
  scoreDisplayMode: string;
  numericValue?: number;
  displayValue?: string;
  details?: { items?: Sent[] };
}

interface Sent {
  url: string;
  transferSize: number;
}

/** How often each page is looked at. */
const LOOKS = 5;

/** What we promise of each page's performance: of the Explorer nothing, which draws a chart
 * before anything else. */
const PROMISED = { "/": 95, "/bill": 95, "/costs": 0 };

for (const [path, promised] of Object.entries(PROMISED)) {
  test(`Lighthouse on ${path}`, async ({ server, context }) => {
    const reports: Report[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      reports.push(await examine(server.url + path, await cookies(context)));
    }
    reports.sort((one, other) => performance(one) - performance(other));
    const report = reports[(LOOKS - 1) / 2] as Report;
    const score = (name: string) => scored(report, name);
    const value = (name: string) => Math.round(report.audits[name]?.numericValue ?? Number.NaN);
    const lines = [
      `${path}`,
      `  performance ${score("performance")} (of ${reports.map(performance).join(", ")}), accessibility ${score("accessibility")}, best practices ${score("best-practices")}`,
      `  first paint ${value("first-contentful-paint")} ms, largest ${value("largest-contentful-paint")} ms, blocked ${value("total-blocking-time")} ms, shift ${report.audits["cumulative-layout-shift"]?.displayValue}`,
      ...transferred(report).map(([kind, bytes]) => `  ${kind} ${(bytes / 1000).toFixed(1)} KB`),
      ...flaws(report).map((flaw) => `  - ${flaw}`),
    ];
    console.log(lines.join("\n"));
    expect.soft(score("accessibility")).toBe(100);
    expect.soft(score("best-practices")).toBe(100);
    expect.soft(score("performance")).toBeGreaterThanOrEqual(promised);
  });
}

function scored(report: Report, category: string): number {
  return Math.round((report.categories[category]?.score ?? 0) * 100);
}

function performance(report: Report): number {
  return scored(report, "performance");
}

async function cookies(context: { cookies(): Promise<{ name: string; value: string }[]> }): Promise<string> {
  const all = await context.cookies();
  return all.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Runs Lighthouse's own program on an address. The cookie goes by a file: lists
 * of processes show arguments. */
async function examine(url: string, cookie: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "cost-tracker-lighthouse-"));
  try {
    const headers = join(folder, "headers.json");
    const report = join(folder, "report.json");
    await writeFile(headers, JSON.stringify({ Cookie: cookie }), { mode: 0o600 });
    const run = promisify(execFile);
    await run(
      join(__dirname, "../node_modules/.bin/lighthouse"),
      [
        url,
        "--quiet",
        "--output=json",
        `--output-path=${report}`,
        `--extra-headers=${headers}`,
        "--only-categories=performance,accessibility,best-practices",
        "--no-enable-error-reporting",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
      ],
      {
        env: {
          ...process.env,
          CHROME_PATH: process.env.COST_TRACKER_CHROMIUM ?? chromium.executablePath(),
        },
      },
    );
    return JSON.parse(await readFile(report, "utf8")) as Report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes on the wire, by kind; the charts come after the first paint. */
function transferred(report: Report): [string, number][] {
  const sums = new Map<string, number>();
  for (const { url, transferSize } of report.audits["network-requests"]?.details?.items ?? []) {
    const kind = kindOf(new URL(url).pathname);
    sums.set(kind, (sums.get(kind) ?? 0) + transferSize);
    if (kind !== "charts") sums.set("all but charts", (sums.get("all but charts") ?? 0) + transferSize);
  }
  return [...sums];
}

function kindOf(path: string): string {
  if (path.includes("/echarts.")) return "charts";
  if (path.endsWith(".wasm")) return "WebAssembly";
  if (path.endsWith(".css")) return "style";
  if (path.endsWith(".js")) return "scripts";
  if (path.startsWith("/api/")) return "answers";
  return path.includes(".") ? "icons and the like" : "pages";
}

/** What Lighthouse marks down, in its words. */
function flaws(report: Report): string[] {
  return Object.values(report.audits)
    .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative")
    .map(({ title, displayValue }) => (displayValue ? `${title}: ${displayValue}` : title));
}
