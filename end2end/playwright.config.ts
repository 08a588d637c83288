// Browser tests against the real binary, which `cargo xtask test` builds.
//
// Read from the environment, which xtask sets:
// - COST_TRACKER_CHROMIUM: a Chromium on this machine; without it, Playwright's own;
// - COST_TRACKER_END2END_OUTPUT: where traces and pictures go.
import { defineConfig } from "@playwright/test";

const output =
  process.env.COST_TRACKER_END2END_OUTPUT ?? "../target/end2end";

export default defineConfig({
  testDir: "tests",
  globalSetup: "./support/template.ts",
  outputDir: `${output}/results`,
  // Each worker starts its own servers: more than two would only wait.
  workers: 2,
  fullyParallel: true,
  // A test that passes only at the second try is a finding, not a pass.
  retries: 0,
  forbidOnly: true,
  reporter: "line",
  // Generous: a busy machine is no finding.
  timeout: 300_000,
  expect: { timeout: 15_000 },
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    // Pictures of every step would take as long as the tests themselves.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: process.env.COST_TRACKER_CHROMIUM || undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    {
      name: "desktop",
      use: { viewport: { width: 1280, height: 800 } },
    },
    {
      name: "tablet",
      // Between the two: the pages with the most controls.
      grepInvert: /@any-width/,
      testMatch: /(overview|explorer)\.spec\.ts/,
      use: { viewport: { width: 768, height: 1024 }, hasTouch: true },
    },
    {
      name: "phone",
      // What doesn't depend on the width is tested once.
      grepInvert: /@any-width/,
      // A mouse and keys go over all controls on a desk; what a thumb does has tests of its own.
      testIgnore: /controls\.spec\.ts/,
      use: {
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        hasTouch: true,
        isMobile: true,
      },
    },
  ],
});
