// Makes the pictures in docs/pictures, from the sample account on a fixed day:
//
//   npm run pictures
//
// after `cargo xtask site` and `cargo build`. Reads the same environment as the
// tests. Look at each picture before committing it.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({
  ...tests,
  testDir: ".",
  testMatch: "pictures.ts",
  globalSetup: "./support/template.ts",
  workers: 1,
  projects: undefined,
});
