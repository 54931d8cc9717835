/* The keys of the editor. */

const CANNOT_TYPE = "[type=checkbox], [type=radio], [type=color]";
const TYPING = `input:not(${CANNOT_TYPE}), select, textarea`;
const FAR = 10;

const stepOf = (shift) => (shift ? FAR : 1);
const toFront = (editor, shift) => editor.layer(shift ? "front" : "forward");
const toBack = (editor, shift) => editor.layer(shift ? "back" : "backward");
const release = (editor) => editor.release(editor.keys());

// What each key does with what is selected; letters are small here, with or without Shift.
const DEEDS = {
  ArrowLeft: (editor, shift) => editor.nudge(-stepOf(shift), 0),
  ArrowRight: (editor, shift) => editor.nudge(stepOf(shift), 0),
  ArrowUp: (editor, shift) => editor.nudge(0, -stepOf(shift)),
  ArrowDown: (editor, shift) => editor.nudge(0, stepOf(shift)),
  "+": (editor) => editor.grow(5),
  "=": (editor) => editor.grow(5),
  "-": (editor) => editor.grow(-5),
  "]": toFront,
  "}": toFront,
  "[": toBack,
  "{": toBack,
  h: (editor) => editor.setFlag(editor.keys(), "hidden", editor.picked().some(({ visible }) => visible)),
  l: (editor) => editor.setFlag(editor.keys(), "locked", editor.picked().some(({ locked }) => !locked)),
  Delete: release,
  Backspace: release,
};

// Arrow keys move badges only where they mean nothing else.
const isOurs = (target) => target === document.body || target.closest?.(".marks, .layers .pick") !== null;

const selectAll = (editor) => editor.select(editor.items().filter(({ kind }) => kind === "badges").map(({ key }) => key));

/** Whether the key, held with Ctrl or Cmd, was one of the editor's. */
function command(editor, key, shift) {
  if (key === "z") editor[shift ? "redo" : "undo"]();
  else if (key === "y") editor.redo();
  else if (key === "a" && isOurs(document.activeElement)) selectAll(editor);
  else return false;
  return true;
}

/** Whether the key was one of the editor's. */
function shortcut(editor, key, shift) {
  if (key === "Escape") {
    editor.select([]);
    return true;
  }
  const deed = DEEDS[key.length === 1 ? key.toLowerCase() : key];
  if (!deed || !editor.picked().length) return false;
  deed(editor, shift);
  return true;
}

export function onKey(editor, event) {
  const withCommand = event.ctrlKey || event.metaKey;
  const isTyping = event.target.matches?.(TYPING);
  if (withCommand && !isTyping && command(editor, event.key.toLowerCase(), event.shiftKey)) event.preventDefault();
  if (withCommand || isTyping || event.altKey || !isOurs(event.target)) return;
  if (shortcut(editor, event.key, event.shiftKey)) event.preventDefault();
}
