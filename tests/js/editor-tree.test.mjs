import assert from "node:assert/strict";
import { test } from "node:test";
import * as history from "../../static/editor/js/history.js";
import { applied, changes, inverse, rebased } from "../../static/editor/js/tree.js";

const at = (x, y) => ({ x, y });

test("changes lead from one tree to the other and back", () => {
  const one = { a: at(1, 2), gone: at(3, 4), list: [1, 2], same: { deep: { er: 1 } } };
  const two = { a: at(1, 5), list: [2], same: { deep: { er: 1 } }, fresh: at(6, 7) };
  const list = changes(one, two);
  assert.deepEqual(list.map(({ path }) => path.join(".")).sort(), ["a.y", "fresh", "gone", "list"]);
  assert.deepEqual(applied(one, list), two);
  assert.deepEqual(applied(two, inverse(list)), one);
  assert.equal(applied(one, list).same, one.same);
  assert.deepEqual(changes(one, structuredClone(one)), []);
});

test("a draft goes on top of what somebody else did elsewhere", () => {
  const base = { a: at(1, 1), b: at(1, 1) };
  const result = rebased(base, { a: at(1, 1), b: at(9, 9) }, { a: at(5, 5), b: at(1, 1) });
  assert.deepEqual(result, { draft: { a: at(5, 5), b: at(9, 9) }, clashes: [] });
});

test("the same place told two ways is a clash, told the same way it is none", () => {
  const base = { a: at(1, 1) };
  assert.equal(rebased(base, { a: at(9, 1) }, { a: at(5, 1) }).clashes.length, 1);
  assert.equal(rebased(base, { a: at(5, 1) }, { a: at(5, 1) }).clashes.length, 0);
  assert.equal(rebased(base, {}, { a: at(5, 1) }).clashes.length, 1);
  assert.equal(rebased({}, { a: at(1, 1) }, { a: at(2, 2) }).clashes.length, 1);
});

test("undo takes back one's own step and leaves what others did", () => {
  const [before, after] = [{ a: at(1, 1), b: at(1, 1) }, { a: at(2, 1), b: at(1, 1) }];
  const steps = history.committed(history.EMPTY, before, after, "Moved");
  const later = { ...after, b: at(7, 7) };
  const back = history.undone(steps, later);
  assert.deepEqual(back.tree, { a: at(1, 1), b: at(7, 7) });
  assert.equal(back.label, "Moved");
  const again = history.redone(back.history, back.tree);
  assert.deepEqual(again.tree, later);
  assert.equal(history.undone(history.EMPTY, before), null);
  assert.equal(history.redone(history.EMPTY, before), null);
});

test("a held key is one step, until there is a rest", () => {
  const tree = (x) => ({ a: at(x, 0) });
  let steps = history.EMPTY;
  for (const x of [1, 2, 3]) steps = history.committed(steps, tree(x - 1), tree(x), "Moved", "nudge");
  assert.equal(steps.past.length, 1);
  assert.deepEqual(history.undone(steps, tree(3)).tree, tree(0));
  steps = history.committed(history.rested(steps), tree(3), tree(4), "Moved", "nudge");
  assert.deepEqual(history.undone(steps, tree(4)).tree, tree(3));
  assert.equal(history.committed(steps, tree(4), tree(4), "Moved"), steps);
});

test("a first place and where it went after are one step to nothing", () => {
  let steps = history.committed(history.EMPTY, {}, { a: at(1, 1) }, "Moved", "nudge");
  steps = history.committed(steps, { a: at(1, 1) }, { a: at(2, 1) }, "Moved", "nudge");
  assert.deepEqual(history.undone(steps, { a: at(2, 1) }).tree, {});
});

test("a new step forgets what was undone", () => {
  const steps = history.committed(history.EMPTY, { a: 1 }, { a: 2 }, "One");
  const back = history.undone(steps, { a: 2 });
  assert.equal(history.committed(back.history, { a: 1 }, { a: 3 }, "Two").future.length, 0);
});
