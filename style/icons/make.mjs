// Draws the icons of the installed app from icon.svg, by Chromium:
//
//   npm run icons
//
// Reads COST_TRACKER_CHROMIUM, as the browser tests do. The picture keeps within
// the inner four fifths, so that one file serves round and square masks.
import { chromium } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const svg = await readFile(new URL("icon.svg", import.meta.url), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.COST_TRACKER_CHROMIUM || undefined,
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  for (const size of [180, 192, 512]) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
    await page.screenshot({
      path: fileURLToPath(new URL(`../static/icon-${size}.png`, import.meta.url)),
    });
    await page.close();
  }
} finally {
  await browser.close();
}
