// What the bar of dice says before they fall, and how it draws what fell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, impairment, inWords } from "../../static/sheets/js/pool.js";
import { lineOf, sortOf, worst } from "../../static/sheets/js/roll-view.js";

const well = { max: 5, superficial: 0, aggravated: 0 };
const full = { max: 5, superficial: 3, aggravated: 2 };
const tracks = (changes = {}) => ({ health: well, willpower: well, hunger: { value: 2, max: 5 }, ...changes });
const trait = (dice, column = "", more = {}) => ({ dice, column, bonus: 0, plain: false, ...more });
const pool = (traits, more = 0, live = tracks(), others = {}) => counted({ traits, more, tracks: live, special: "hunger", ...others });

test("two traits with what comes on top", () => {
  const found = pool([trait(3, "physical"), trait(2, "physical")], -1);
  assert.deepEqual(found, { dice: 4, special: 2, lost: 0 });
  assert.equal(inWords(found, "hunger"), "4 dice, 2 of them hunger");
});

test("a pool has a die at least, and no more hunger dice than dice", () => {
  assert.deepEqual(pool([trait(1)], -9), { dice: 1, special: 1, lost: 0 });
  assert.equal(inWords(pool([trait(1)]), "hunger"), "1 die, 1 of them hunger");
});

test("a discipline brings its bonus once", () => {
  assert.equal(pool([trait(2, "", { bonus: 1 }), trait(3, "", { bonus: 1 })]).dice, 6);
});

test("full tracks take dice from their columns", () => {
  assert.equal(impairment(tracks({ health: full }), ["physical", "social"]), 2);
  assert.equal(impairment(tracks({ health: full }), ["mental"]), 0);
  assert.equal(impairment(tracks({ health: full, willpower: full }), ["physical", "mental"]), 4);
  assert.match(inWords(pool([trait(3, "physical")], 2, tracks({ health: full })), "hunger"), /3 dice, 2 of them hunger, impaired/);
});

test("willpower and humanity are rolled without hunger dice", () => {
  assert.equal(pool([trait(5, "", { plain: true })]).special, 0);
});

test("desperation dice come on top when they are asked for", () => {
  const live = { ...tracks(), desperation: { value: 3, max: 5 } };
  const asked = pool([trait(2)], 0, live, { special: "desperation", desperate: true });
  assert.equal(inWords(asked, "desperation"), "2 dice and 3 of desperation");
  assert.equal(pool([trait(2)], 0, live, { special: "desperation" }).special, 0);
});

test("each die says what it is", () => {
  assert.deepEqual([10, 6, 5, 1].map((face) => sortOf(face, false)), ["ten", "hit", "miss", "miss"]);
  assert.equal(sortOf(1, true), "one");
});

test("the worst dice are rolled again, three at most", () => {
  assert.deepEqual(worst([5, 8, 2, 1, 4]), [3, 2, 4]);
  assert.deepEqual(worst([10, 6]), []);
});

test("one line for what fell", () => {
  const roll = { label: "Strength + Brawl", kind: "pool", total: 2, difficulty: 3, hidden: false, taken_back: false, rouse: null };
  assert.equal(lineOf(roll), "Strength + Brawl: 2 against 3");
  assert.equal(lineOf({ ...roll, hidden: true }), "Strength + Brawl: 2 against 3, hidden");
  assert.equal(lineOf({ ...roll, label: "Rouse check", difficulty: null }), "Rouse check");
});
