/*
 * The service worker. It keeps one page, "offline", and the static files whose names carry a hash of what is in them.
 * Everything else goes to the network as if there were no worker: pages, answers of the API, pictures, the overlay.
 */

const KEPT = `troupe-${self.TROUPE_BUILD}`;
const OFFLINE = "/offline";
// A file that changes gets another name; one without a hash could grow old here.
const HASHED = /^\/static\/.+\.[0-9a-f]{12}\.[a-z0-9]+$/;

/** What the worker does with a request: "kept" (from the cache), "offline" (the page, when the network fails), or null. */
function decide({ method, mode, destination, url }, origin) {
  const { origin: from, pathname } = new URL(url);
  if (method !== "GET" || from !== origin) return null;
  if (HASHED.test(pathname)) return "kept";
  const isPage = mode === "navigate" && destination === "document";
  return isPage && !/^\/(overlay|api|media)\//.test(pathname) ? "offline" : null;
}

/** Addresses of hashed files in the page. */
const filesOf = (html) => [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, address]) => address).filter((address) => HASHED.test(address));

async function prepare() {
  const cache = await caches.open(KEPT);
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" });
  if (!page.ok) throw new Error("the offline page could not be fetched");
  await cache.addAll(filesOf(await page.clone().text()));
  await cache.put(OFFLINE, page);
}

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("troupe-") && name !== KEPT).map((name) => caches.delete(name)));
}

async function kept(request) {
  const cache = await caches.open(KEPT);
  const held = await cache.match(request);
  if (held) return held;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

async function orOffline(request) {
  try {
    return await fetch(request);
  } catch (reason) {
    const page = await (await caches.open(KEPT)).match(OFFLINE);
    if (page) return page;
    throw reason;
  }
}

const ANSWERS = { kept, offline: orOffline };

self.addEventListener("install", (event) => event.waitUntil(prepare().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const answer = decide(event.request, self.location.origin);
  if (answer) event.respondWith(ANSWERS[answer](event.request));
});
