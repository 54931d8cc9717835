import assert from "node:assert/strict";
import { test } from "node:test";
import * as cards from "../../static/editor/js/cards.js";
import { blank, cardOf, documentOf, patchBetween, withCard, withPlaces } from "../../static/editor/js/document.js";
import { lookWire, themeWire } from "../../static/editor/js/wires.js";
import { Part } from "../../static/editor/js/saving.js";
import { Sending } from "../../static/editor/js/sending.js";

const PLACE = { x: 0.1, y: 0.9, scale: 1, z: 0, visible: true };

test("what the stream tells of a layout becomes a whole document", () => {
  assert.deepEqual(documentOf(undefined), blank());
  const old = documentOf({ badges: { a: PLACE }, chips: {}, card: { ac: false }, version: 4 });
  assert.deepEqual(old, { ...blank(), badges: { a: PLACE }, card: { ...blank().card, ac: false } });
});

test("the patch names what differs, and null what is gone", () => {
  const base = withCard(withPlaces(blank(), "wide", "badges", { a: PLACE, b: { ...PLACE, locked: true } }), "a", { ac: false });
  const moved = withPlaces(base, "wide", "badges", { a: null, b: PLACE });
  const draft = withCard(withPlaces(moved, "tall", "chips", { a: PLACE }), "a", { ac: undefined });
  assert.deepEqual(patchBetween(base, draft), {
    badges: { a: null, b: { ...PLACE, locked: false } },
    tall: { chips: { a: { ...PLACE, locked: false } } },
    cards: { a: null },
  });
  assert.deepEqual(patchBetween(base, structuredClone(base)), {});
  assert.deepEqual(patchBetween(base, withCard(base, null, { hp: false })), { card: { hp: false } });
});

test("a character's card goes before that of all, option by option", () => {
  const document = withCard(withCard(blank(), null, { ac: false, ac_shape: "circle" }), "a", { ac: true });
  assert.deepEqual([cardOf(document, "a").ac, cardOf(document, "a").ac_shape, cardOf(document, "b").ac], [true, "circle", false]);
});

test("stats: which, in which order, how many", () => {
  const known = cards.catalogue([{ stats: { tracks: { blood_bond: {} } } }]);
  assert.deepEqual(known.find(({ key }) => key === "tracks.blood_bond"), { key: "tracks.blood_bond", name: "Blood bond", short: "Blood bond" });
  const row = (key) => cards.rows([], known).find((one) => one.key === key);
  let stats = cards.toggled(cards.toggled([], row("abilities.str")), row("level"));
  assert.deepEqual(stats.map(({ key, label }) => [key, label]), [["abilities.str", "STR"], ["level", "LVL"]]);
  stats = cards.shifted(stats, "level", -1);
  assert.deepEqual(stats.map(({ key }) => key), ["level", "abilities.str"]);
  assert.equal(cards.shifted(stats, "level", -1), stats);
  assert.equal(cards.changed(stats, "level", { shape: "circle" })[0].shape, "circle");
  assert.deepEqual(cards.toggled(stats, { key: "level" }).map(({ key }) => key), ["abilities.str"]);
  const full = Array.from({ length: cards.MOST_STATS }, (_, at) => ({ key: `tracks.t${at}` }));
  assert.equal(cards.toggled(full, row("level")), full);
  assert.deepEqual(cards.rows([{ key: "tracks.gone", label: "G" }], known)[0], { key: "tracks.gone", label: "G", name: "tracks.gone", on: true });
});

// --- saving ---

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A server that answers as it is told, and a clock that stands still. */
function served(...answers) {
  const sent = [];
  const waits = [];
  const wire = {
    async send(base, draft, version) {
      sent.push({ draft, version });
      return answers.shift() ?? { status: "done", value: draft, version: version + 1 };
    },
  };
  const timers = { setTimeout: (run, ms) => waits.push({ run, ms }) && waits.length, clearTimeout() {} };
  return { part: new Part(wire, { a: 1, b: 1 }, 3, timers), sent, waits };
}

test("a difference is sent with the version it is based on", async () => {
  const { part, sent } = served();
  part.set({ a: 2, b: 1 });
  assert.equal(part.state, "draft");
  await part.push();
  assert.deepEqual([part.state, part.version, sent], ["same", 4, [{ draft: { a: 2, b: 1 }, version: 3 }]]);
  await part.push();
  assert.equal(sent.length, 1);
});

test("what changes while a request runs is sent after it", async () => {
  const { part, sent } = served();
  part.set({ a: 2, b: 1 });
  const first = part.push();
  part.set({ a: 3, b: 1 });
  part.push();
  await first;
  await settled();
  assert.deepEqual(sent.map(({ draft, version }) => [draft.a, version]), [[2, 3], [3, 4]]);
  assert.equal(part.state, "same");
});

test("a stale version: what others did elsewhere is taken over, and mine is sent again", async () => {
  const { part, sent } = served({ status: "conflict", current: { value: { a: 1, b: 9 }, version: 7 } });
  part.set({ a: 2, b: 1 });
  await part.push();
  await settled();
  assert.deepEqual(sent.at(-1), { draft: { a: 2, b: 9 }, version: 7 });
  assert.deepEqual([part.state, part.draft], ["same", { a: 2, b: 9 }]);
});

test("the same value changed by both waits for a choice", async () => {
  for (const [keepMine, wanted] of [[true, 2], [false, 9]]) {
    const { part, sent } = served({ status: "conflict", current: { value: { a: 9, b: 1 }, version: 7 } });
    part.set({ a: 2, b: 1 });
    await part.push();
    assert.deepEqual([part.state, sent.length, part.clashes.length], ["clash", 1, 1]);
    part.settle(keepMine);
    await settled();
    assert.deepEqual([part.state, part.draft.a, part.base.a], ["same", wanted, wanted]);
  }
});

test("without a connection it is tried again, ever more slowly, and nothing is lost", async () => {
  const { part, sent, waits } = served({ status: "away", words: "Away." }, { status: "away", words: "Away." });
  part.set({ a: 2, b: 1 });
  await part.push();
  assert.deepEqual([part.state, part.words, waits.at(-1).ms], ["away", "Away.", 1000]);
  await waits.at(-1).run();
  assert.equal(waits.at(-1).ms, 2000);
  await waits.at(-1).run();
  assert.deepEqual([part.state, sent.length], ["same", 3]);
});

test("a refusal says why and keeps the draft", async () => {
  const { part } = served({ status: "refused", words: "card.glow: Unknown field." });
  part.set({ a: 2, b: 1 });
  await part.push();
  assert.deepEqual([part.state, part.words, part.draft.a], ["refused", "card.glow: Unknown field.", 2]);
});

test("what the stream tells moves the base under the draft", () => {
  const { part } = served();
  part.set({ a: 2, b: 1 });
  part.heard({ a: 1, b: 5 }, 4);
  assert.deepEqual([part.draft, part.base, part.version, part.state], [{ a: 2, b: 5 }, { a: 1, b: 5 }, 4, "draft"]);
  part.heard({ a: 1, b: 1 }, 4);
  assert.equal(part.base.b, 5);
  part.heard({ a: 7, b: 5 }, 5);
  assert.equal(part.state, "clash");
});

test("a stream that lags behind the API's answers takes nothing back", async () => {
  const { part } = served();
  part.set({ a: 2, b: 1 });
  await part.push(); // version 4
  part.set({ a: 3, b: 1 });
  await part.push(); // version 5
  part.heard({ a: 2, b: 1 }, 4);
  assert.deepEqual([part.draft, part.version, part.state], [{ a: 3, b: 1 }, 5, "same"]);
  part.set({ a: 1, b: 1 }); // undone meanwhile
  part.heard({ a: 2, b: 1 }, 4);
  part.heard({ a: 3, b: 1 }, 5);
  assert.deepEqual([part.draft, part.state, part.clashes], [{ a: 1, b: 1 }, "draft", []]);
});

test("the API is asked in its own words", async () => {
  const asked = [];
  const answer = (status, said) => ({ status, json: async () => said });
  globalThis.fetch = async (address, { method, headers, body }) => {
    asked.push([address, method, headers["X-CSRFToken"], JSON.parse(body)]);
    return asked.length === 1 ? answer(200, { theme: { hp: "#112233" }, version: 5 }) : answer(409, { current: { version: 8, focal_y: 0.7 } });
  };
  const done = await themeWire("/api", "t0ken").send({ accent: "#ffffff" }, { hp: "#112233" }, 4);
  assert.deepEqual(done, { status: "done", value: { hp: "#112233" }, version: 5 });
  assert.deepEqual(asked[0], ["/api", "PATCH", "t0ken", { theme: { accent: null, hp: "#112233" }, version: 4 }]);
  const look = { accent: "", focal: { x: 0.5, y: 0.2 } };
  const stale = await lookWire("/api", "t", "c1").send(look, { ...look, focal: { x: 0.5, y: 0.3 } }, 2);
  assert.deepEqual(stale, { status: "conflict", current: { value: { accent: "", focal: { x: 0.5, y: 0.7 } }, version: 8 } });
  assert.deepEqual(asked[1].slice(0, 2), ["/api/characters/c1", "PATCH"]);
});

test("what is taken back while it is on its way is told, too", async (t) => {
  const asked = [];
  const answers = [];
  t.mock.method(globalThis, "fetch", (address, { body }) => {
    asked.push(JSON.parse(body));
    return new Promise((answer) => answers.push(answer));
  });
  const answered = async (document, version) => {
    answers.shift()({ status: 200, json: async () => ({ ...document, version }) });
    await settled();
    await settled();
  };
  const [there, moved] = [0.5, 0.6].map((x) => withPlaces(blank(), "wide", "badges", { a: { ...PLACE, x, locked: false } }));
  const sending = new Sending("/api", "token", () => null);
  sending.keepLayout("large", there, 1);
  const edit = (large) => {
    sending.spread({ layouts: { large } });
    sending.push();
  };
  edit(moved);
  edit(there); // as the server has it still, until it has taken the move
  assert.equal(sending.differs, true);
  await answered(moved, 2);
  assert.deepEqual(asked.map(({ badges, version }) => [badges.a.x, version]), [[0.6, 1], [0.5, 2]]);
  await answered(there, 3);
  assert.equal(sending.differs, false);
});
