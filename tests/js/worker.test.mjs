import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

const SOURCE = readFileSync(new URL("../../static/common/js/worker.js", import.meta.url), "utf8");
const ORIGIN = "https://troupe.example";

/** The worker in a world of its own: `answers` by path, or an Error for a network that fails. */
function world(answers = {}) {
  const listeners = {};
  const stored = new Map();
  const fetched = [];
  const open = async (name) => {
    if (!stored.has(name)) stored.set(name, new Map());
    const kept = stored.get(name);
    const key = (request) => new URL(request.url ?? request, ORIGIN).pathname;
    return {
      match: async (request) => kept.get(key(request)),
      put: async (request, answer) => kept.set(key(request), answer),
      addAll: async (list) => list.forEach((address) => kept.set(address, { ok: true })),
    };
  };
  const self = { TROUPE_BUILD: "b2", location: { origin: ORIGIN }, skipWaiting() {}, clients: { claim() {} }, addEventListener: (name, run) => (listeners[name] = run) };
  const caches = { open, keys: async () => [...stored.keys()], delete: async (name) => stored.delete(name) };
  const fetch = async (request) => {
    const path = new URL(request.url ?? request, ORIGIN).pathname;
    fetched.push(path);
    const answer = answers[path];
    if (!answer) throw new TypeError("no network");
    return { ok: true, text: async () => answer, clone() { return this; }, body: answer };
  };
  runInContext(SOURCE, createContext({ self, caches, fetch, URL, TypeError, Error, Promise }));
  const asked = async (path, more = {}) => {
    let answer = null;
    listeners.fetch({ request: { method: "GET", mode: "navigate", destination: "document", url: new URL(path, ORIGIN).href, ...more }, respondWith: (promise) => (answer = promise) });
    return answer;
  };
  const lived = async (name) => {
    let done;
    listeners[name]({ waitUntil: (promise) => (done = promise) });
    await done;
  };
  return { asked, lived, stored, fetched };
}

const OFFLINE = '<link href="/static/common/css/base.0123456789ab.css"><script src="/static/common/js/x.js"></script>No connection';

test("what is private, live or the overlay's goes past the worker", async () => {
  const { asked } = world({ "/": "x" });
  for (const path of ["/api/v1/campaigns", "/overlay/bell", "/media/a.webp", "/api/v1/docs"]) assert.equal(await asked(path), null, path);
  const other = { mode: "cors", destination: "" };
  for (const path of ["/campaigns", "/static/common/js/x.js", "/healthz", "/media/a.webp"]) assert.equal(await asked(path, other), null, path);
  assert.equal(await asked("/campaigns", { method: "POST" }), null);
  assert.equal(await asked("/admin/overlay/layout/preview/1/", { destination: "iframe" }), null);
  assert.equal(await asked("https://elsewhere.example/"), null);
});

test("a page comes from the network, never from what is kept", async () => {
  const { asked, lived, stored } = world({ "/offline": OFFLINE, "/campaigns": "fresh" });
  await lived("install");
  assert.equal((await asked("/campaigns")).body, "fresh");
  assert.deepEqual([...stored.get("troupe-b2").keys()].sort(), ["/offline", "/static/common/css/base.0123456789ab.css"]);
});

test("without a network the page offline is shown, and nothing else is made up", async () => {
  const { asked, lived } = world({ "/offline": OFFLINE });
  await lived("install");
  assert.match((await asked("/campaigns/bell/control")).body, /No connection/);
  await assert.rejects(world().asked("/campaigns"));
});

test("hashed files are fetched once", async () => {
  const path = "/static/pages/js/hub.0123456789ab.js";
  const { asked, fetched } = world({ [path]: "script" });
  const request = { mode: "cors", destination: "script" };
  await asked(path, request);
  assert.equal((await asked(path, request)).body, "script");
  assert.deepEqual(fetched, [path]);
});

test("another build forgets what the last one kept, and only that", async () => {
  const { lived, stored } = world({ "/offline": OFFLINE });
  stored.set("troupe-b1", new Map());
  stored.set("somebody-else", new Map());
  await lived("install");
  await lived("activate");
  assert.deepEqual([...stored.keys()].sort(), ["somebody-else", "troupe-b2"]);
});
