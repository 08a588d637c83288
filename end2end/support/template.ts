// Makes, once for all tests, the data folder of a server whose administrator has
// connected the sample account and has all costs. Tests start from copies of it.
import { request } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADMIN } from "./person";
import { serve } from "./program";

/** The day that servers with costs play. */
export const TODAY = "2026-11-24";

/** Where workers find the folder; the sign-in's cookies lie beside it. */
export const TEMPLATE_VARIABLE = "COST_TRACKER_END2END_TEMPLATE";

export default async function make(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "cost-tracker-template-"));
  process.env[TEMPLATE_VARIABLE] = folder;
  const remove = () => rm(folder, { recursive: true, force: true });
  const server = await serve(join(folder, "data"), [
    "--sample-account",
    "on",
    "--today",
    TODAY,
  ]).catch(async (error) => {
    await remove();
    throw error;
  });
  try {
    // As browsers without scripts do it.
    const visitor = await request.newContext({
      baseURL: server.url,
      extraHTTPHeaders: { accept: "text/html", origin: server.url },
    });
    const send = async (path: string, form: Record<string, string>) => {
      const response = await visitor.post(`/api/${path}`, { form });
      if (!response.ok() || response.url().includes("__err")) {
        throw new Error(`${path}: ${response.status()} ${response.url()}`);
      }
    };
    await send("session/set_up", ADMIN);
    await send("connections/create_sample", {});
    const deadline = Date.now() + 300_000;
    while (!(await (await visitor.get("/connections")).text()).includes("Up to date")) {
      if (Date.now() > deadline) throw new Error("the first sync takes over five minutes");
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await visitor.storageState({ path: join(folder, "cookies.json") });
    await visitor.dispose();
  } catch (error) {
    await server.stop();
    await remove();
    throw new Error(`no server to start tests from: ${error}\n${server.log()}`);
  }
  await server.stop();
  return remove;
}
