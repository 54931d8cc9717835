import assert from "node:assert/strict";
import { test } from "node:test";
import { rollOf } from "../../static/overlay/js/roll-card.js";

const facts = { id: "r", kind: "pool", outcome: "messy_critical", words: "Messy critical", summary: "", difficulty: 4 };
const dice = [{ sides: 10, value: 10 }, { sides: 10, value: 6 }, { sides: 10, value: 10, kind: "hunger" }, { sides: 10, value: 1, kind: "hunger" }];
const message = (data = {}) => ({ type: "EVENT", data: { id: "e", type: "ROLL", characterId: "a", label: "Strength + Brawl", total: 5, dice, roll: facts, ...data } });

test("a roll of a sheet has its dice, its outcome and what it was against", () => {
  const roll = rollOf(message(), 0);
  assert.deepEqual(roll.dice.map(({ sort, kind }) => `${sort}${kind}`), ["ten", "hit", "tenhunger", "onehunger"]);
  assert.deepEqual([roll.id, roll.roll, roll.words, roll.against], ["a", "r", "Messy critical", "5 against 4"]);
});

test("a roll made elsewhere is its total", () => {
  const roll = rollOf(message({ roll: undefined, total: 17, dice: [{ sides: 20, value: 12 }] }), 0);
  assert.deepEqual([roll.words, roll.dice, roll.against], ["17", [], ""]);
});

test("a check has no difficulty to speak of", () => {
  assert.equal(rollOf(message({ roll: { ...facts, kind: "rouse", difficulty: null } }), 0).against, "");
});

test("old rolls, rolls of nobody, hidden ones and other events are not shown", () => {
  assert.equal(rollOf(message(), 2000), null);
  assert.equal(rollOf(message({ characterId: undefined }), 0), null);
  assert.equal(rollOf({ type: "EVENT", data: { type: "HIDDEN" } }, 0), null);
  assert.equal(rollOf({ type: "HP_CHANGE", data: { type: "ROLL", characterId: "a" } }, 0), null);
});

test("an undo takes the card away, however late", () => {
  assert.deepEqual(rollOf(message({ undo: 40 }), 9000), { id: "a", roll: "r", gone: true });
});

test("whatever a bot sends, a card has no more than twenty dice", () => {
  const many = Array.from({ length: 90 }, () => ({ sides: 10, value: 3 }));
  assert.equal(rollOf(message({ dice: [...many, null, { value: "x" }] }), 0).dice.length, 20);
  assert.equal(rollOf(message({ dice: "none" }), 0).dice.length, 0);
});
