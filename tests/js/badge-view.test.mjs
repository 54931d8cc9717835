import assert from "node:assert/strict";
import { test } from "node:test";
import { badgeView, cast, words } from "../../static/overlay/js/badge-view.js";
import { vectors } from "./vectors.mjs";

const { characters, cases } = vectors("badges");

for (const { character, tier, card, detached, expect } of cases) {
  test(`${character} ${tier}${detached ? ", chips apart" : ""}${card.hp === false ? ", all parts off" : ""}`, () => {
    assert.deepEqual(badgeView(characters[character], tier, card, { detached }), expect);
  });
}

test("a slug as words", () => {
  assert.equal(words("mirror-image"), "Mirror image");
  assert.equal(words("élan_vital"), "Élan vital");
  assert.equal(words(""), "");
});

test("the cast follows the roster, with the tier of its own where it has one", () => {
  const state = { characters: [{ id: "a" }, { id: "b" }, { id: "c" }], roster: ["c", "gone", "a"], rosterTiers: { a: "compact", c: "vast" } };
  assert.deepEqual(cast(state, "medium"), [
    { character: { id: "c" }, tier: "medium" },
    { character: { id: "a" }, tier: "compact" },
  ]);
});
