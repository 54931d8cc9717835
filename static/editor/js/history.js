/*
 * Undo and redo. A step holds what changed, not what was there: undoing takes back one's own work and leaves alone
 * what others have changed since.
 */
import { applied, changes, inverse } from "./tree.js";

const LONGEST = 200;

export const EMPTY = Object.freeze({ past: [], future: [] });

/**
 * One more step from `before` to `after`. Steps in a row with the same non-empty `run` (keys held down, a colour being
 * dragged) are one; `label` says in words what is undone.
 */
export function committed(history, before, after, label, run = "") {
  const list = changes(before, after);
  if (!list.length) return history;
  const last = history.past.at(-1);
  if (run && last?.run === run && !history.future.length) {
    return { past: [...history.past.slice(0, -1), { ...last, list: [...last.list, ...list] }], future: [] };
  }
  return { past: [...history.past, { label, run, list }].slice(-LONGEST), future: [] };
}

/** The end of a run: the next step stands alone. */
export function rested(history) {
  const last = history.past.at(-1);
  return last?.run ? { ...history, past: [...history.past.slice(0, -1), { ...last, run: "" }] } : history;
}

/** {history, tree, label}, or null when there is nothing to undo. */
export function undone(history, tree) {
  const step = history.past.at(-1);
  if (!step) return null;
  const next = { past: history.past.slice(0, -1), future: [step, ...history.future] };
  return { history: next, tree: applied(tree, inverse(step.list)), label: step.label };
}

export function redone(history, tree) {
  const [step, ...future] = history.future;
  if (!step) return null;
  const next = { past: [...history.past, { ...step, run: "" }], future };
  return { history: next, tree: applied(tree, step.list), label: step.label };
}
