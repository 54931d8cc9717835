import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, lineOf } from "../../static/desk/js/keys.js";
import { episodeLine } from "../../static/desk/js/episode.js";
import { labelOf } from "../../static/desk/js/labels.js";
import { clockText, linesAfter, sentence } from "../../static/desk/js/log.js";
import { netState } from "../../static/desk/js/net.js";
import { amounts, condition, inspiration } from "../../static/desk/js/orders.js";
import { slotAt } from "../../static/desk/js/ordering.js";
import { rosterShown, statsShown } from "../../static/desk/js/prediction.js";
import { predicted } from "../../static/desk/js/rules.js";
import { Refused, entriesOf, orderOf, reordered, spends } from "../../static/desk/js/verbs.js";
import { vectors } from "./vectors.mjs";

for (const { name, stats, event, after } of vectors("predictions")) {
  test(`prediction: ${name}`, () => {
    const before = structuredClone(stats);
    assert.deepEqual(predicted(stats, event), after);
    assert.deepEqual(stats, before);
  });
}

const orders = vectors("orders");
for (const { name, mode, kind, number, chosen, events } of orders.amounts) test(`order: ${name}`, () => assert.deepEqual(amounts(mode, kind, number, chosen), events));
for (const one of orders.conditions) test(`order: ${one.name}`, () => assert.deepEqual(condition(one.condition, one.rounds, one.chosen), one.events));

const stats = (current, temp = 0) => ({ hp: { current, max: 40, temp }, conditions: [], condition_rounds: {}, death_saves: { success: 0, failure: 0 }, tracks: {} });
const vampire = { hp: { current: 0, max: 0, temp: 0 }, conditions: [], tracks: { hunger: { value: 1, max: 5 } } };
const hit = (delta, more = {}) => ({ who: "a", state: "queued", path: "events", tries: 0, body: { type: "hp_change", delta }, ...more });
const hero = (current) => ({ id: "a", stats: stats(current) });
const hp = (...given) => statsShown(...given).hp.current;

test("what waits is shown on top of the stream's word, in order; what failed is not", () => {
  assert.equal(hp(hero(40), [hit(-7), hit(-3), hit(-30, { state: "failed" }), { ...hit(-9), who: "b" }], {}, 5), 30);
});

test("while an order is under way the stream's word is not counted twice", () => {
  const underWay = hit(-7, { tries: 1, base: stats(40) });
  assert.equal(hp(hero(40), [underWay], {}, 5), 33);
  assert.equal(hp(hero(33), [underWay], {}, 6), 33);
});

test("an answer ahead of the stream holds until the stream has come so far", () => {
  const answered = { a: { seq: 6, stats: stats(33) } };
  assert.equal(hp(hero(40), [], answered, 5), 33);
  assert.equal(hp(hero(12), [], answered, 7), 12);
  assert.equal(hp(hero(40), [hit(-1)], answered, 5), 32);
});

test("the newest roster that waits is the one that is shown", () => {
  const state = { roster: ["a"], rosterTiers: {} };
  const entry = (rows, now = "queued") => ({ path: "roster", state: now, body: { entries: rows } });
  assert.deepEqual(rosterShown(state, []), { ids: ["a"], tiers: {} });
  const waiting = [entry([]), entry([{ character_id: "b", tier: "compact" }, { character_id: "a", tier: "" }])];
  assert.deepEqual(rosterShown(state, waiting), { ids: ["b", "a"], tiers: { b: "compact" } });
  assert.deepEqual(rosterShown(state, [entry([], "failed")]).ids, ["a"]);
});

const desk = (fields = {}, chosen = [{ id: "a", name: "Isaura", stats: stats(40), share: "full" }]) => ({
  chosen,
  field: (name) => fields[name] ?? "",
  character: (id) => ({ id, name: "Isaura", stats: stats(0) }),
  roster: { ids: ["a", "b"], tiers: { b: "compact" } },
  told: (seq) => `no. ${seq}`,
});

test("the buttons' values become entries", () => {
  const [one] = entriesOf("amount 7", desk({ mode: "damage", kind: "fire" }));
  assert.deepEqual(one, { path: "events", who: "a", label: "−7 fire", body: { type: "hp_change", character_id: "a", delta: -7, kind: "fire" } });
  assert.equal(entriesOf("typed", desk({ mode: "heal", number: "12" }))[0].label, "+12 healing");
  assert.equal(entriesOf("condition exhaustion", desk())[0].body.condition, "exhaustion");
  assert.deepEqual(entriesOf("condition", desk({ condition: " Marked  FOR death ", rounds: "3" }))[0].body, { type: "condition_added", character_id: "a", condition: "marked for death", rounds: 3 });
  assert.deepEqual(entriesOf("save a critical_failure", desk())[0].body, { type: "death_save", character_id: "a", result: "critical_failure" });
  assert.deepEqual(entriesOf("undo 41", desk())[0], { path: "undo", body: { seq: 41 }, label: "Undo: no. 41" });
  assert.deepEqual(entriesOf("stage a off", desk())[0].body, { entries: [{ character_id: "b", tier: "compact" }] });
  assert.deepEqual(entriesOf("tier b", desk({ "tier-b": "large" }))[0].body.entries[1], { character_id: "b", tier: "large" });
  assert.equal(entriesOf("episode start 3", desk())[0].path, "episodes/3/start");
  assert.deepEqual(entriesOf("roll", desk({ roll_total: "−2", roll_hidden: "1" }))[0].body, { type: "roll", label: "Roll", total: -2, character_id: "a", hidden: true });
  assert.deepEqual(entriesOf("cue", desk({ cue: "Bell" }, []))[0].body, { type: "custom", name: "Bell" });
});

test("inspiration is given to whoever lacks it, and taken when all have it", () => {
  const one = (id, inspired) => ({ id, stats: { inspiration: inspired } });
  assert.deepEqual(inspiration([one("a", true), one("b", false)]), [{ id: "b", on: true }]);
  assert.deepEqual(inspiration([one("a", true), one("b", true)]), [{ id: "a", on: false }, { id: "b", on: false }]);
  const [entry] = entriesOf("inspire", desk());
  assert.deepEqual(entry, { path: "characters/a", method: "PATCH", who: "a", label: "inspired", body: { stats: { inspiration: true } } });
  assert.equal(predicted(stats(7), entry.body).inspiration, true);
  assert.equal(predicted(stats(7), entry.body).hp.current, 7);
});

test("the order on the overlay changes by a step or to a place", () => {
  const ids = ["a", "b", "c"];
  assert.deepEqual(reordered(ids, "b", "up"), ["b", "a", "c"]);
  assert.deepEqual(reordered(ids, "b", "down"), ["a", "c", "b"]);
  assert.deepEqual(reordered(ids, "c", "0"), ["c", "a", "b"]);
  assert.throws(() => reordered(ids, "a", "up"), Refused);
  assert.throws(() => reordered(ids, "c", "down"), Refused);
  assert.throws(() => reordered(ids, "gone", "up"), Refused);
  const [entry] = entriesOf("move b up", desk());
  assert.deepEqual(entry.body.entries, [{ character_id: "b", tier: "compact" }, { character_id: "a", tier: "" }]);
  assert.match(entry.label, /1 of 2/);
});

test("a row that is dragged belongs before the first whose middle lies below", () => {
  assert.deepEqual([-5, 10, 60, 500].map((y) => slotAt(y, [20, 70, 120])), [0, 0, 1, 3]);
});

test("an episode that runs can be ended, the next one begun", () => {
  const planned = [{ number: 4, title: "Low tide" }];
  assert.deepEqual(episodeLine({ number: 3, title: "Ebb" }, planned), { text: "Episode 3: Ebb", value: "episode end 3", label: "End episode" });
  assert.deepEqual(episodeLine(null, planned), { text: "Next: episode 4, Low tide", value: "episode start 4", label: "Begin episode" });
  assert.equal(episodeLine(null, []).value, "");
});

test("what is lacking is said in words", () => {
  const says = (value, given) => { try { entriesOf(value, given); } catch (error) { assert.ok(error instanceof Refused); return error.message; } };
  assert.match(says("amount 7", desk({ mode: "damage" }, [])), /Choose somebody/);
  assert.match(says("typed", desk({ mode: "damage", number: "0" })), /1 to 9999/);
  assert.match(says("typed", desk({ mode: "damage", number: "1e3" })), /1 to 9999/);
  assert.match(says("roll", desk({ roll_total: "many" })), /total/);
  assert.match(says("condition", desk()), /Name the condition/);
  assert.match(says("amount 7", desk({ mode: "damage" }, [{ ...desk().chosen[0], share: "none" }])), /Nobody/);
  assert.match(says("fly", desk()), /Load the desk again/);
});

test("only damage, healing and temporary points leave nobody chosen", () => {
  assert.deepEqual(["amount 7", "typed", "condition prone", "stage a on"].map(spends), [true, true, false, false]);
});

test("the order is read from the form; who is no character keeps the place by name", () => {
  const fields = [["score-a", " 12 "], ["score-b", ""], ["foe-1", "Bell Warden"], ["foe-score-1", "−2"], ["foe-2", ""], ["foe-3", "Blade"], ["foe-hidden-3", "1"], ["mode", "damage"]];
  const now = { order: [{ id: "w", name: "Bell Warden", character: null }] };
  assert.deepEqual(orderOf(fields, now), [
    { character_id: "a", score: 12 },
    { name: "Bell Warden", score: -2, hidden: false, id: "w" },
    { name: "Blade", score: 0, hidden: true },
  ]);
  assert.throws(() => orderOf([["score-a", "many"]], null), Refused);
});

test("kinds follow who is chosen", () => {
  const [hero_, undead] = [{ stats: stats(4) }, { stats: vampire }];
  assert.deepEqual([lineOf([hero_, undead]), lineOf([undead]), lineOf([])], ["hp", "tracks", "hp"]);
  assert.deepEqual([fits("fire", [undead]), fits("fire", [hero_]), fits("fire", [])], [false, true, true]);
  assert.deepEqual([fits("track:hunger:delta", [undead]), fits("track:hunger:delta", [hero_])], [true, false]);
});

const told = (seq, text = `${seq}`) => ({ seq, tone: "", text, at: 0 });
const message = (seq, data, more = {}) => ({ type: "EVENT", seq, ts: 9, data, ...more });

test("the log tells what happens and forgets what is taken back", () => {
  const hitTold = linesAfter([told(1)], message(2, { type: "HP_CHANGE", from: 9, to: 2, delta: -7, kind: "fire" }), "Isaura");
  assert.deepEqual(hitTold[0], { seq: 2, tone: "wound", text: "Isaura takes 7 fire damage", at: 9 });
  assert.deepEqual(linesAfter(hitTold, message(3, { type: "HP_CHANGE", undo: 2 }), "Isaura"), [told(1)]);
  assert.deepEqual(linesAfter([told(1)], { type: "ROSTER_UPDATED", seq: 4, undo: 1, roster: [] }, ""), []);
  assert.equal(linesAfter(hitTold, message(2, { type: "ROLL", label: "x", total: 1 }), ""), hitTold);
});

test("saves of the layout that are one step are one line, and undo takes it away", () => {
  const saved = (seq, more = {}) => ({ type: "LAYOUT_UPDATED", seq, ts: seq * 9, data: { tier: "large" }, ...more });
  const bell = message(3, { type: "CUSTOM", name: "Bell" });
  const heard = [saved(1), saved(2, { continues: 1 }), bell, saved(4, { continues: 1 }), saved(5)]; // what goes between is no matter
  const lines = heard.reduce((held, one) => linesAfter(held, one, ""), []);
  assert.deepEqual(lines.map(({ seq, text, at }) => [seq, text, at]), [[5, "Layout large saved", 45], [3, "Bell", 9], [1, "Layout large saved, 3 times", 9]]);
  assert.deepEqual(linesAfter(lines, saved(6, { undo: 1 }), "").map(({ seq }) => seq), [5, 3]);
  assert.deepEqual(linesAfter(lines, saved(6, { continues: 5 }), "")[0].text, "Layout large saved, 2 times");
  assert.deepEqual(linesAfter([], saved(6, { continues: 5 }), ""), [], "of a step that is out of the list");
  const sizes = { type: "CHAR_UPDATED", seq: 6, data: { name: "The Crow" }, continues: 5 };
  assert.equal(linesAfter(lines, sizes, ""), lines, "what belongs to another line and says nothing new");
});

test("what changed of the stage is said", () => {
  const says = (roster, before) => sentence({ type: "ROSTER_UPDATED", roster }, "", { roster: before, characters: [] })[1];
  assert.equal(says(["a", "b"], ["a"]), "2 on stage");
  assert.equal(says(["a", "b"], ["b", "a"]), "Order on the overlay changed");
  assert.equal(says(["a", "b"], ["a", "b"]), "Sizes on the overlay changed");
});

test("an edit that gives inspiration is told as such", () => {
  const edit = (inspired) => ({ type: "CHAR_UPDATED", seq: 2, data: { id: "a", name: "Isaura", stats: { inspiration: inspired } } });
  const was = (inspired) => ({ characters: [{ id: "a", stats: { inspiration: inspired } }] });
  assert.equal(sentence(edit(true), "", was(false))[1], "Isaura is inspired");
  assert.equal(sentence(edit(false), "", was(true))[1], "Isaura is no longer inspired");
  assert.equal(sentence(edit(true), "", was(true))[1], "Isaura: changed");
  assert.equal(sentence(edit(true), "", undefined)[1], "Isaura: changed");
});

test("what viewers are not told has words for the GM", () => {
  assert.deepEqual(sentence({ type: "ROSTER_UPDATED", roster: ["a", "b"] }, ""), ["", "2 on stage"]);
  assert.deepEqual(sentence(message(1, { type: "CUSTOM", name: "Bell" }), ""), ["", "Bell"]);
  assert.equal(sentence({ type: "FILE_PROGRESS", data: {} }, ""), null);
});

test("the clock of a line is the evening's", () => {
  assert.equal(clockText(3_727_000, 1), "1:02:06");
  assert.match(clockText(3_727_000, null), /^\d\d:\d\d$/);
});

test("the state of the net in words", () => {
  const fine = { connection: "open", waiting: 0, failed: 0, trouble: "", lostFor: 0 };
  const text = (more) => netState({ ...fine, ...more }).text;
  assert.equal(text({}), "Live");
  assert.equal(text({ waiting: 2 }), "2 pending");
  assert.equal(text({ waiting: 3, trouble: "away" }), "Offline, 3 queued");
  assert.equal(text({ lostFor: 9000, connection: "waiting" }), "Offline");
  assert.equal(text({ connection: "waiting", lostFor: 900 }), "Connecting");
  assert.equal(text({ failed: 1 }), "1 not saved");
  assert.equal(text({ waiting: 1, trouble: "signed-out" }), "Signed out, 1 queued");
});

test("labels", () => {
  assert.equal(labelOf({ type: "hp_change", temp: 8 }), "8 temporary");
  assert.equal(labelOf({ type: "hp_change", delta: -3 }), "−3 damage");
  assert.equal(labelOf({ type: "track_change", track: "health", superficial: 2 }), "Health +2 superficial");
  assert.equal(labelOf({ type: "track_change", track: "hunger", delta: -1 }), "Hunger −1");
  assert.equal(labelOf({ type: "condition_added", condition: "prone", rounds: 2 }), "prone for 2");
  assert.equal(labelOf({ type: "condition_removed", condition: "prone" }), "no longer prone");
});
