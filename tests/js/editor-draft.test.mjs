import assert from "node:assert/strict";
import { test } from "node:test";
import { blank } from "../../static/editor/js/document.js";
import { Draft, TIERS, partOf, withPart } from "../../static/editor/js/draft.js";

const tree = () => ({ layouts: Object.fromEntries(TIERS.map((tier) => [tier, blank()])), theme: { hp: "#112233" }, looks: {} });
const at = (x) => ({ ...blank(), badges: { a: { x, y: 0.9, scale: 1, z: 0, visible: true } } });
const xOf = (draft) => draft.document.badges.a?.x;

function drafting(tier = "large") {
  const draft = new Draft(tree(), tier, "wide");
  const words = [];
  draft.addEventListener("step", ({ detail }) => words.push(detail.words));
  return { draft, words };
}

test("a path names a part of the tree, and another part leaves the rest as it is", () => {
  const held = tree();
  assert.equal(partOf(held, "theme").hp, "#112233");
  assert.equal(partOf(held, "layouts/medium"), held.layouts.medium);
  const next = withPart(withPart(held, "looks/a", { accent: "#445566" }), "theme", {});
  assert.deepEqual([next.looks, next.theme], [{ a: { accent: "#445566" } }, {}]);
  assert.equal(next.layouts, held.layouts);
  assert.deepEqual(held.looks, {});
});

test("an edit is of the size that is being edited, and is told in words", () => {
  const { draft, words } = drafting("medium");
  draft.editDocument(at(0.2), "Moved");
  assert.equal(draft.tree.layouts.medium.badges.a.x, 0.2);
  assert.deepEqual(draft.tree.layouts.large, blank());
  draft.tier = "large";
  assert.equal(xOf(draft), undefined);
  draft.editPart("theme", { hp: "#445566" }, "Colour");
  assert.deepEqual(words, ["Moved", "Colour"]);
});

test("what changes nothing is no step", () => {
  const { draft, words } = drafting();
  draft.editDocument(blank(), "Moved");
  assert.deepEqual([draft.canUndo, words], [false, []]);
});

test("undo and redo go there and back, and say what", () => {
  const { draft, words } = drafting();
  draft.editDocument(at(0.2), "Moved");
  draft.editDocument(at(0.4), "Aligned");
  draft.undo();
  assert.equal(xOf(draft), 0.2);
  assert.deepEqual([draft.canUndo, draft.canRedo], [true, true]);
  draft.undo();
  draft.undo();
  assert.equal(xOf(draft), undefined);
  draft.redo();
  assert.equal(xOf(draft), 0.2);
  assert.deepEqual(words, ["Moved", "Aligned", "Undone: Aligned", "Undone: Moved", "Done again: Moved"]);
  draft.editDocument(at(0.7), "Moved");
  assert.equal(draft.canRedo, false);
});

test("keys held down are one step, until there was a rest", () => {
  const { draft } = drafting();
  for (const x of [0.1, 0.2, 0.3]) draft.editDocument(at(x), "Moved", "nudge a");
  draft.rest();
  draft.editDocument(at(0.4), "Moved", "nudge a");
  draft.undo();
  assert.equal(xOf(draft), 0.3);
  draft.undo();
  assert.equal(xOf(draft), undefined);
});

test("a drag is shown while it lasts, and is one step when it is let go", () => {
  const { draft, words } = drafting();
  draft.editDocument(at(0.1), "Moved");
  for (const way of [0.1, 0.2]) draft.drag((before) => at(before.badges.a.x + way));
  assert.equal(xOf(draft).toFixed(2), "0.30", "each step of it counts from where it began");
  assert.deepEqual(words, ["Moved"]);
  draft.drop(true, "Moved");
  draft.undo();
  assert.equal(xOf(draft), 0.1);
});

test("a drag that is broken off leaves nothing", () => {
  const { draft, words } = drafting();
  draft.drag(() => at(0.8));
  draft.drop(false, "Moved");
  assert.deepEqual([xOf(draft), draft.canUndo, words], [undefined, false, []]);
});

test("what others did is no step of one's own, and undo leaves it alone", () => {
  const { draft, words } = drafting();
  draft.editDocument(at(0.2), "Moved");
  const theirs = { ...at(0.2), badges: { ...at(0.2).badges, b: at(0.5).badges.a } };
  draft.set("layouts/large", theirs);
  assert.deepEqual(words, ["Moved"]);
  draft.undo();
  assert.deepEqual(Object.keys(draft.document.badges), ["b"]);
});

test("4:3 can be looked at only", () => {
  const { draft } = drafting();
  assert.deepEqual([draft.mayMove, draft.picture.width], [true, 1920]);
  draft.format = "tall";
  assert.deepEqual([draft.mayMove, draft.picture.height], [true, 1920]);
  draft.format = "old";
  assert.equal(draft.mayMove, false);
});
