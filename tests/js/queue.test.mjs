import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Queue, TOO_OLD_MS, waitAfter } from "../../static/desk/js/queue.js";
import { meaning, sender } from "../../static/desk/js/send.js";
import { entryStore } from "../../static/desk/js/store.js";
import { Clock } from "./fakes.mjs";

/** A server that applies each key once, and a network that fails as it is told. */
class Server {
  applied = [];
  asked = [];
  weather = []; // "fine", "lost" (never arrived), "cut" (arrived, the answer was lost), or an outcome

  send = async (entry) => {
    this.asked.push(entry.key);
    const now = this.weather.shift() ?? "fine";
    if (now === "lost") throw new TypeError("Failed to fetch");
    if (typeof now === "object") return now;
    if (!this.applied.some(({ key }) => key === entry.key)) this.applied.push({ key: entry.key, body: entry.body });
    if (now === "cut") throw new TypeError("Failed to fetch");
    return { outcome: "done", answer: { seq: this.applied.length } };
  };

  get deltas() {
    return this.applied.map(({ body }) => body.delta);
  }
}

class Storage {
  #items = new Map();
  get length() { return this.#items.size; }
  key = (index) => [...this.#items.keys()][index];
  getItem = (name) => this.#items.get(name) ?? null;
  setItem = (name, value) => this.#items.set(name, String(value));
  removeItem = (name) => this.#items.delete(name);
}

let clock, server, storage;

beforeEach(() => {
  clock = new Clock();
  server = new Server();
  storage = new Storage();
});

const open = (more = {}) => new Queue({ store: entryStore("desk:c:u", storage), send: server.send, timers: clock, random: () => 0.5, ...more });
const hit = (delta, who = "a") => ({ path: "events", body: { type: "hp_change", character_id: who, delta }, label: `${delta}`, who });
const settled = async () => { for (let n = 0; n < 20; n += 1) await null; };

test("what is added is sent in order, one at a time, and forgotten when it is answered", async () => {
  const queue = open();
  for (const delta of [-1, -2, -3]) queue.add(hit(delta));
  assert.equal(server.asked.length, 1);
  await settled();
  assert.deepEqual(server.deltas, [-1, -2, -3]);
  assert.deepEqual([queue.entries, storage.length], [[], 0]);
});

test("thirty seconds without a network: nothing is lost, nothing is applied twice, the order holds", async () => {
  const queue = open();
  server.weather = ["cut", ...Array(40).fill("lost")];
  queue.add(hit(-7)); // arrives, but nobody hears of it
  for (let second = 0; second < 30; second += 1) {
    if (second % 10 === 5) queue.add(hit(-second));
    clock.pass(1000);
    await settled();
  }
  assert.equal(queue.trouble, "away");
  assert.deepEqual(queue.waiting.map(({ body }) => body.delta), [-7, -5, -15, -25]);
  server.weather = [];
  queue.wake();
  await settled();
  assert.deepEqual(server.deltas, [-7, -5, -15, -25]);
  assert.deepEqual([queue.entries, queue.trouble], [[], ""]);
});

test("it survives a reload, with its keys and its order", async () => {
  server.weather = ["cut", "lost", "lost"];
  const before = open();
  for (const delta of [-4, -5]) before.add(hit(delta));
  await settled();
  const [first] = before.entries;
  const after = open();
  assert.deepEqual(after.entries.map(({ key, body }) => [key, body.delta]), before.entries.map(({ key, body }) => [key, body.delta]));
  assert.equal(after.entries[0].key, first.key);
  server.weather = [];
  after.pump();
  await settled();
  assert.deepEqual(server.deltas, [-4, -5]);
});

test("two desks of one browser send what one left behind once", async () => {
  server.weather = ["lost"];
  open().add(hit(-9));
  await settled();
  const [one, other] = [open(), open()];
  one.pump();
  other.pump();
  await settled();
  assert.deepEqual(server.deltas, [-9]);
});

test("a refusal keeps nobody behind it, says why, and can be tried again or dropped", async () => {
  const queue = open();
  server.weather = [{ outcome: "refused", message: "The character is not prone." }];
  queue.add(hit(-1));
  queue.add(hit(-2));
  await settled();
  assert.deepEqual(server.deltas, [-2]);
  assert.deepEqual(queue.failed.map(({ error }) => error), ["The character is not prone."]);
  queue.retry(queue.failed[0].key);
  await settled();
  assert.deepEqual(server.deltas, [-2, -1]);
  server.weather = [{ outcome: "refused", message: "No." }];
  queue.add(hit(-3));
  await settled();
  assert.equal(queue.drop(queue.failed[0].key), true);
  assert.deepEqual([queue.entries, storage.length], [[], 0]);
});

test("what may have arrived cannot be dropped; what waits behind it can", async () => {
  const queue = open();
  server.weather = ["cut", "lost"];
  queue.add(hit(-1));
  queue.add(hit(-2));
  await settled();
  const [first, second] = queue.entries;
  assert.deepEqual([queue.drop(first.key), queue.drop(second.key)], [false, true]);
  assert.deepEqual(queue.entries.map(({ key }) => key), [first.key]);
});

test("signed out: it waits, keeps everything, and goes on after signing in", async () => {
  const queue = open();
  server.weather = [{ outcome: "signed-out" }];
  queue.add(hit(-1));
  await settled();
  assert.deepEqual([queue.trouble, queue.waiting.length], ["signed-out", 1]);
  clock.pass(10_000);
  await settled();
  assert.deepEqual([queue.trouble, server.deltas], ["", [-1]]);
});

test("what is older than the server's memory of keys waits for a person", async () => {
  server.weather = Array(9).fill("lost");
  open().add(hit(-1));
  await settled();
  clock.sleep(TOO_OLD_MS);
  const later = open();
  later.pump();
  await settled();
  assert.equal(later.failed.length, 1);
  assert.equal(server.applied.length, 0);
});

test("the stats that were shown at the first attempt are kept until the answer", async () => {
  const queue = open({ baseOf: (who) => ({ hp: who }) });
  server.weather = ["cut", "lost", "lost"];
  queue.add(hit(-1));
  await settled();
  assert.deepEqual(queue.entries[0].base, { hp: "a" });
  assert.deepEqual(open().entries[0].base, { hp: "a" });
});

test("waiting grows to ten seconds and never beyond", () => {
  assert.equal(waitAfter(1, 0.999) <= 500, true);
  assert.equal(waitAfter(99, 0.999) <= 10_000, true);
  assert.equal(waitAfter(99, 0) >= 5_000, true);
});

test("items of others, and what is no entry, are not taken for ours", () => {
  storage.setItem("desk:c:somebody-else:k", JSON.stringify({ key: "k", path: "events" }));
  storage.setItem("desk:c:u:broken", "{");
  storage.setItem("desk:c:u:odd", JSON.stringify({ key: "other", path: "events" }));
  assert.deepEqual(open().entries, []);
});

test("a browser that keeps nothing still sends", async () => {
  const queue = open({ store: entryStore("x", null) });
  queue.add(hit(-1));
  await settled();
  assert.deepEqual(server.deltas, [-1]);
});

const answer = (status, headers = {}) => ({ ok: status < 300, status, headers: new Map(Object.entries(headers)) });

test("what an answer means", () => {
  assert.deepEqual(meaning(answer(201), { seq: 4 }), { outcome: "done", answer: { seq: 4 } });
  assert.deepEqual(meaning(answer(401), null), { outcome: "signed-out" });
  assert.deepEqual(meaning(answer(503, { "Retry-After": "3" }), null), { outcome: "away", wait: 3000 });
  assert.deepEqual(meaning(answer(429, { "Retry-After": "3600" }), null), { outcome: "away", wait: 60_000 });
  assert.deepEqual(meaning(answer(502), null), { outcome: "away", wait: undefined });
  const refused = { error: "Some of the values are not valid.", details: [{ field: "condition", message: "The character is already prone." }] };
  assert.deepEqual(meaning(answer(422), refused), { outcome: "refused", message: "The character is already prone." });
  const lacking = { error: "You are not allowed to do this.", details: [{ field: "credential", message: "insufficient_scope" }] };
  assert.deepEqual(meaning(answer(403), lacking), { outcome: "refused", message: "You are not allowed to do this." });
});

test("an entry goes out with its key and the token of the moment", async () => {
  const sent = [];
  const fetch = async (url, options) => (sent.push([url, options]), { ...answer(201), json: async () => ({ seq: 1 }) });
  const send = sender({ root: "/api/v1/campaigns/c/", csrf: () => "t", fetch });
  assert.deepEqual(await send({ key: "k", path: "events", method: "POST", body: { type: "roll" } }), { outcome: "done", answer: { seq: 1 } });
  const [[url, { headers, body, method }]] = sent;
  assert.deepEqual([url, method, headers["Idempotency-Key"], headers["X-CSRFToken"], body], ["/api/v1/campaigns/c/events", "POST", "k", "t", '{"type":"roll"}']);
});

test("a head without its body is no answer", async () => {
  const fetch = async () => ({ ...answer(201), json: async () => { throw new TypeError("network error"); } });
  await assert.rejects(sender({ root: "/", csrf: () => "t", fetch })({ key: "k", path: "p", method: "POST", body: {} }));
});
