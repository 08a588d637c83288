// The service worker: keeps the pages that the server allows to be kept (it sends
// the header x-kept-for with them), and shows them where there is no network,
// marked as such. Only reads; never sees an answer of a server function.
//
// Kept pages belong to one session. They go when it ends, when anyone signs in,
// and when a page of another session comes.

const PAGES = "pages";
const LOOK = "look";
const MOST = 12;
const OWNER = "/kept-for";
/** Where the bare address leads, for those who begin with a view of theirs. */
const START = "/begins-with";
const NOTES = [OWNER, START];

/** Rises with every clearing, so that a page on its way isn't kept after it. */
let cleared = 0;

/** Whether the bare address has just led on: the next page is where. */
let led = false;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (/^\/api\/session\/(sign_in|sign_out|set_up)/.test(pathname)) {
    // Again when the session has ended: until then pages are still answered.
    const ended = fetch(request);
    event.respondWith(ended);
    event.waitUntil(clear().then(() => ended).then(clear, clear));
  } else if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(page(event));
  } else if (pathname.endsWith(".css")) {
    event.respondWith(fetch(request).catch(async (error) => {
      const look = await caches.open(LOOK);
      const kept = await look.match(request);
      if (kept === undefined) throw error;
      return kept;
    }));
  }
});

// A page that is put aside says where it is: moving about in it brought no HTML.
self.addEventListener("message", (event) => {
  if (typeof event.data !== "string" || !event.data.startsWith("/")) return;
  const request = new Request(event.data, { headers: { accept: "text/html" } });
  const before = cleared;
  event.waitUntil(fetch(request).then((answer) => keep(event.data, answer, before)).catch(() => {}));
});

async function page(event) {
  const { pathname, search } = new URL(event.request.url);
  const [before, isStart] = [cleared, led];
  led = false;
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return offline(pathname + search);
  }
  led = answer.type === "opaqueredirect" && pathname + search === "/";
  if (pathname === "/sign-in" || pathname === "/setup") event.waitUntil(clear());
  else event.waitUntil(keep(pathname + search, answer.clone(), before, isStart));
  return answer;
}

async function clear() {
  cleared += 1;
  await caches.delete(PAGES);
}

/** Keeps a page, unless everything was cleared since it was asked for. */
async function keep(address, answer, before, isStart = false) {
  const owner = answer.headers.get("x-kept-for");
  if (owner === null || answer.status !== 200 || answer.redirected) return;
  const html = await answer.text();
  const when = answer.headers.get("date") ?? new Date().toUTCString();
  const kept = await (await caches.open(PAGES)).match(OWNER);
  if (kept !== undefined && (await kept.text()) !== owner) await caches.delete(PAGES);
  await keepLook(html);
  const pages = await caches.open(PAGES);
  await pages.put(OWNER, new Response(owner));
  await pages.put(address, new Response(html, { headers: { date: when } }));
  if (isStart) await pages.put(START, new Response(address));
  else if (address === "/") await pages.delete(START);
  const others = (await pages.keys()).filter((key) => !NOTES.includes(new URL(key.url).pathname));
  const aged = await Promise.all(others.map(async (key) => {
    const date = (await pages.match(key))?.headers.get("date");
    return { key, age: Date.parse(date ?? "") || 0 };
  }));
  aged.sort((one, other) => one.age - other.age);
  for (const { key } of aged.slice(0, -MOST)) await pages.delete(key);
  if (before !== cleared) await caches.delete(PAGES);
}

/** The style sheet that the page was made with. */
async function keepLook(html) {
  const sheet = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1];
  const look = await caches.open(LOOK);
  if (sheet === undefined || (await look.match(sheet)) !== undefined) return;
  for (const old of await look.keys()) await look.delete(old);
  await look.add(sheet);
}

async function offline(address) {
  const pages = await caches.open(PAGES);
  const start = address === "/" ? await pages.match(START) : undefined;
  const first = start && (await pages.match(await start.text()));
  const kept = first ?? (await pages.match(address));
  if (kept === undefined) return answer(await nothing(pages), 503);
  const note = `<p class="offline" role="status"><strong>No connection.</strong> This is how the page was on ${day(kept.headers.get("date"))}. Nothing on it can be changed until the server is reached again.</p>`;
  // Without scripts a page is whole, and its links lead here again.
  const still = (await kept.text())
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "")
    .replace(/<link\b[^>]*rel="(?:module)?preload"[^>]*>/g, "")
    .replace(/<body[^>]*>/, (body) => body + note);
  return answer(still, 200);
}

async function nothing(pages) {
  const sheet = (await (await caches.open(LOOK)).keys())[0]?.url;
  const links = (await pages.keys())
    .map((key) => new URL(key.url))
    .filter(({ pathname }) => !NOTES.includes(pathname))
    .map(({ pathname, search }) => `<li><a href="${text(pathname + search)}">${text(name(pathname, search))}</a></li>`);
  const kept = links.length > 0
    ? `<p>On this device are kept:</p><ul>${links.reverse().join("")}</ul>`
    : "<p>No page is kept on this device.</p>";
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>No connection · Cost Tracker</title><link rel="icon" href="data:,">${sheet ? `<link rel="stylesheet" href="${text(sheet)}">` : ""}</head><body><main class="doorway"><div class="card doorway__card"><h1>No connection</h1><p>The server can't be reached. Load the page again when it can.</p>${kept}</div></main></body></html>`;
}

function name(pathname, search) {
  const title = pathname === "/costs" ? "Explorer" : "Overview";
  const choices = [...new URLSearchParams(search)].filter(([key]) => key !== "connection");
  const words = choices.map(([, value]) => value).filter(Boolean).join(", ");
  return words ? `${title}: ${words}` : title;
}

function answer(html, status) {
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
}

function day(date) {
  const when = new Date(date);
  const words = when.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const time = when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  return `<time datetime="${when.toISOString()}">${words}, ${time} UTC</time>`;
}

function text(plain) {
  return plain.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
