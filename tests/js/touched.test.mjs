import assert from "node:assert/strict";
import { test } from "node:test";
import { isTouched } from "../../static/common/js/touched.js";

const list = (selectedIndex, ...marked) => ({ type: "select-one", options: marked.map((defaultSelected) => ({ defaultSelected })), selectedIndex });

const FIELDS = [
  ["a text as the server wrote it", { type: "text", value: "Isaura", defaultValue: "Isaura" }, false],
  ["a text that was typed", { type: "text", value: "Isaura V", defaultValue: "Isaura" }, true],
  ["a text that was emptied", { type: "textarea", value: "", defaultValue: "Isaura" }, true],
  ["a box as it came", { type: "checkbox", value: "on", checked: true, defaultChecked: true }, false],
  ["a box that was cleared", { type: "checkbox", value: "on", checked: false, defaultChecked: true }, true],
  ["a choice that was made", { type: "radio", value: "heal", checked: true, defaultChecked: false }, true],
  ["a list with nothing marked begins with its first", list(0, false, false), false],
  ["a list with nothing marked, at its second", list(1, false, false), true],
  ["a list that begins with its second", list(1, false, true), false],
  ["a list that begins with its second, at its first", list(0, false, true), true],
  ["no file", { type: "file", files: [], value: "", defaultValue: "" }, false],
  ["a file that was chosen", { type: "file", files: ["a.png"], value: "a.png", defaultValue: "" }, true],
];

for (const [name, field, touched] of FIELDS) test(name, () => assert.equal(isTouched(field), touched));
