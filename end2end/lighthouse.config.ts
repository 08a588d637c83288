// What Lighthouse thinks of the pages, as a phone on a slow network sees them:
//
//   cargo xtask bench lighthouse
//
// Reads the same environment as the tests. Apart from them, because its scores
// depend on how busy the machine is.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({
  ...tests,
  testDir: ".",
  testMatch: "lighthouse.ts",
  globalSetup: "./support/template.ts",
  workers: 1,
  projects: undefined,
});
