/*
 * Differences of JSON trees. A change is {path: [key, …], before, after}; `undefined` stands for "is not there".
 * Objects are compared key by key, everything else, lists too, as a whole. Nothing here mutates its input.
 */

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

/** What leads from one tree to the other. */
export function changes(before, after, path = []) {
  if (before === after) return [];
  if (!isObject(before) || !isObject(after)) return same(before, after) ? [] : [{ path, before, after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changes(before[key], after[key], [...path, key]));
}

function put(tree, [key, ...rest], value) {
  if (key === undefined) return value;
  const held = isObject(tree) ? tree : {};
  const next = put(held[key], rest, value);
  if (next === undefined) {
    const { [key]: _gone, ...others } = held;
    return others;
  }
  return next === held[key] ? tree : { ...held, [key]: next };
}

/** The tree with the changes made; parts that are not touched stay the same objects. */
export const applied = (tree, list) => list.reduce((held, { path, after }) => put(held, path, after), tree);

/** What takes the changes back, last first. */
export const inverse = (list) => list.map(({ path, before, after }) => ({ path, before: after, after: before })).reverse();

const touch = (one, other) => one.every((key, at) => at >= other.length || key === other[at]);

/** Of `mine`, what says something else about the same place than `theirs`. */
export function clashes(mine, theirs) {
  return mine.filter((my) => theirs.some((their) => touch(my.path, their.path) && !(same(my.after, their.after) && my.path.length === their.path.length)));
}

/** My draft on top of what somebody else made of the base: {draft, clashes}. */
export function rebased(base, theirs, draft) {
  const mine = changes(base, draft);
  return { draft: applied(theirs, mine), clashes: clashes(mine, changes(base, theirs)) };
}
