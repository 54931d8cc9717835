import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, fromBootstrap, reduce } from "../../static/live/js/reducer.js";
import { vectors } from "./vectors.mjs";

const { bootstrap, messages } = vectors("messages");

function frozen(value) {
  if (value && typeof value === "object") Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
const start = () => frozen(fromBootstrap(bootstrap));

/** The path "characters.0.stats" of a state; a step may also be a character's id. */
const at = (value, path) =>
  path.split(".").reduce((held, step) => (Array.isArray(held) && held.find((one) => one?.id === step)) || held?.[step], value);

for (const { name, message, expect } of messages) {
  test(name, () => {
    const before = start();
    const { state, status } = apply(before, frozen(message));
    assert.equal(status, "applied");
    assert.equal(state.seq, message.seq);
    for (const [path, value] of Object.entries(expect)) assert.deepEqual(at(state, path) ?? null, value, path);
    const touched = new Set(["seq", ...Object.keys(expect).map((path) => path.split(".")[0])]);
    for (const key of Object.keys(before)) if (!touched.has(key)) assert.equal(state[key], before[key], `${key} was touched`);
  });
}

const heartbeat = (seq, epoch = "e1") => ({ type: "HEARTBEAT", seq, epoch, ts: 1 });
const hit = (seq, current, extra = {}) => ({
  type: "EVENT", seq, epoch: "e1", ts: 1,
  data: { id: `e${seq}`, type: "HP_CHANGE", characterId: "a", from: 0, to: current, delta: 0, stats: { hp: { current, max: 45, temp: 0 } }, version: seq, ...extra },
});

test("a bootstrap loses its envelope and keeps the rest", () => {
  const state = fromBootstrap(bootstrap);
  const { type, ts, recovered, ...rest } = bootstrap;
  assert.deepEqual(state, rest);
});

test("a bootstrap replaces whatever is held", () => {
  const { state, status } = apply(start(), { ...bootstrap, seq: 90, characters: [], roster: [] });
  assert.equal(status, "applied");
  assert.deepEqual([state.seq, state.characters, state.roster], [90, [], []]);
});

test("a bootstrap that is behind is dropped, unless history or the audience is another", () => {
  const held = start();
  assert.equal(apply(held, { ...bootstrap, seq: 40 }).status, "dropped");
  assert.equal(apply(held, { ...bootstrap, seq: 40, epoch: "e2" }).status, "applied");
  assert.equal(apply(held, { ...bootstrap, seq: 40, audience: "gm" }).status, "applied");
});

test("nothing but a bootstrap helps one who holds nothing", () => {
  assert.deepEqual(apply(null, hit(42, 1)), { state: null, status: "gap" });
  assert.equal(apply(null, bootstrap).status, "applied");
});

test("what is known is dropped", () => {
  for (const seq of [1, 40, 41]) assert.equal(apply(start(), hit(seq, 1)).status, "dropped");
});

test("a gap applies nothing", () => {
  const held = start();
  assert.deepEqual(apply(held, hit(43, 1)), { state: held, status: "gap" });
});

test("another epoch applies nothing", () => {
  const held = start();
  assert.deepEqual(apply(held, { ...hit(42, 1), epoch: "e2" }), { state: held, status: "epoch" });
  assert.equal(apply(held, heartbeat(41, "e2")).status, "epoch");
});

test("a heartbeat only compares", () => {
  const held = start();
  assert.deepEqual(apply(held, heartbeat(41)), { state: held, status: "dropped" });
  assert.deepEqual(apply(held, heartbeat(42)), { state: held, status: "gap" });
  assert.equal(apply(held, heartbeat(3)).status, "dropped");
});

test("an error carries no state", () => {
  const held = start();
  assert.deepEqual(apply(held, { type: "ERROR", code: "x", message: "y" }), { state: held, status: "dropped" });
  assert.equal(reduce(held, { type: "ERROR", code: "x" }), held);
});

test("a batch applies each in order and tells of each", () => {
  const told = [];
  const batch = { type: "BATCH", seq: 43, epoch: "e1", ts: 1, messages: [hit(41, 9), hit(42, 30), hit(43, 20)] };
  const { state, status } = apply(start(), batch, (message, before, after) => told.push([message.seq, before.seq, after.seq]));
  assert.equal(status, "applied");
  assert.equal(at(state, "characters.a.stats.hp.current"), 20);
  assert.deepEqual(told, [[42, 41, 42], [43, 42, 43]]);
  assert.deepEqual(reduce(start(), { ...batch, messages: batch.messages.slice(1) }), state);
});

test("a batch that is all known is dropped", () => {
  assert.equal(apply(start(), { type: "BATCH", seq: 41, messages: [hit(40, 1), hit(41, 1)] }).status, "dropped");
});

test("a gap inside a batch keeps what came before it", () => {
  const { state, status } = apply(start(), { type: "BATCH", seq: 44, messages: [hit(42, 30), hit(44, 1)] });
  assert.equal(status, "gap");
  assert.deepEqual([state.seq, at(state, "characters.a.stats.hp.current")], [42, 30]);
});

test("an event for someone unknown still counts", () => {
  const { state, status } = apply(start(), hit(42, 1, { characterId: "nobody" }));
  assert.equal(status, "applied");
  assert.equal(state.seq, 42);
});
