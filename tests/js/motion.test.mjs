import assert from "node:assert/strict";
import { test } from "node:test";
import { hitOf, merged } from "../../static/overlay/js/motion.js";

const hit = (data = {}, type = "EVENT") => ({ type, data: { type: "HP_CHANGE", characterId: "a", delta: -5, kind: "fire", ...data } });

test("a fresh hit moves", () => {
  assert.deepEqual(hitOf(hit(), 0), { id: "a", delta: -5, kind: "fire" });
  assert.deepEqual(hitOf(hit({ delta: 4, kind: undefined }, "HP_CHANGE"), 1999), { id: "a", delta: 4, kind: "" });
});

test("without exact numbers only the bar moves", () => {
  assert.equal(hitOf(hit({ delta: undefined }), 0).delta, null);
  assert.equal(hitOf(hit({ delta: 0 }), 0).delta, null);
});

test("old hits, undone hits and everything else stay still", () => {
  assert.equal(hitOf(hit(), 2000), null);
  assert.equal(hitOf(hit({ undo: 40 }), 0), null);
  assert.equal(hitOf(hit({ type: "CONDITION_ADDED" }), 0), null);
  assert.equal(hitOf({ type: "CHAR_UPDATED", data: { id: "a" } }, 0), null);
  assert.equal(hitOf({ type: "EVENT" }, 0), null);
});

test("a burst adds up; one unknown part makes the sum unknown", () => {
  const one = { id: "a", delta: -5, kind: "fire" };
  assert.equal(merged(undefined, one), one);
  assert.deepEqual(merged(one, { id: "a", delta: 2, kind: "" }), { id: "a", delta: -3, kind: "" });
  assert.equal(merged(one, { id: "a", delta: null, kind: "" }).delta, null);
});
