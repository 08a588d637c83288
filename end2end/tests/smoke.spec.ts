// The binary carries its site: pages come, scripts run, nothing complains.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../fixtures";

test("a first visitor reaches a page that works", async ({ page, server }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(/Cost Tracker/);
  expect(new URL(page.url()).origin).toBe(server.url);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});

test("the site's parts may be kept for ever and are compressed", { tag: "@any-width" }, async ({
  page,
  request,
}) => {
  const parts = new Set<string>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith("/pkg/")) parts.add(pathname);
  });
  await page.goto("/", { waitUntil: "networkidle" });
  const endings = [...parts].map((path) => path.split(".").pop());
  expect(endings).toEqual(expect.arrayContaining(["css", "js", "wasm"]));
  for (const path of parts) {
    const response = await request.get(path);
    expect(response.headers()["cache-control"], path).toContain("immutable");
    expect(response.headers()["content-encoding"], path).toBe("br");
  }
});
