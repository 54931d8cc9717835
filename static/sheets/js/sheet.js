// The page of a sheet: every field saves itself, tracks are moved by steps, rows come and go without a reload.
import { isTouched } from "../../common/js/touched.js";
import { LiveStream } from "../../live/js/stream.js";
import "./dot-track.js";
import "./live-track.js";
import { moved, overlapping } from "./boxes.js";
import { resizable } from "./columns.js";
import { paintConflicts } from "./conflicts.js";
import { DiceBar } from "./dice-bar.js";
import { paintFacts } from "./facts.js";
import { OTHER, inWords, inputs, isPlain, labelOf, offerOwnWords, ownWords, put, valueOf } from "./inputs.js";
import { Resource, ask, token } from "./resource.js";
import { RollLog } from "./roll-log.js";
import { addRow, deleteRow, mix } from "./rows.js";
import * as saver from "./saver.js";
import { Steps } from "./steps.js";
import { toast } from "./toasts.js";
import { paintBar } from "./vitals-bar.js";

const TYPED_MS = 700;
const CHOSEN_MS = 120;
const LOOK_MS = 4000;

const form = document.getElementById("sheet");
const first = JSON.parse(document.getElementById("sheet-document").textContent);
const part = (name, within = document) => within.querySelector(`[data-part=${name}]`);
const storage = `sheet ${form.dataset.id}`;
const fixed = "fixed" in form.dataset;
let latest = first;
let dice = null;

const stored = () => {
  try {
    return JSON.parse(localStorage.getItem(storage)) ?? {};
  } catch {
    return {};
  }
};
const left = stored();

// --- fields ---

/** What the form of this id shows, by field, out of a document. */
const picker = (id) => {
  const names = [...new Set(inputs(id).map((input) => input.name))].filter(isPlain);
  return (document_) => Object.fromEntries(names.filter((name) => name in document_).map((name) => [name, document_[name]]));
};

const resources = new Map();

function watch(key, address, document_) {
  const resource = new Resource({ address, document: document_, values: picker(key), kept: left[key] });
  resource.addEventListener("change", changed);
  resource.addEventListener("document", ({ detail }) => key === "sheet" && heard(detail));
  resources.set(key, resource);
  return resource;
}

const main = watch("sheet", form.dataset.api, first);
const steps = new Steps({ address: `/api/v1/sheets/${form.dataset.id}/tracks`, tracks: first.tracks, waiting: left.steps });

function watchRows(document_) {
  for (const row of document.querySelectorAll(".row-form")) {
    const found = document_[row.dataset.kind]?.find(({ id }) => id === row.dataset.row);
    if (found && !resources.has(row.id)) watch(row.id, `${form.dataset.api}/${row.dataset.kind}/${found.id}`, found);
  }
  for (const key of [...resources.keys()]) if (key !== "sheet" && !document.getElementById(key)) resources.delete(key);
}

const done = []; // what can be taken back: {key, field, value}

function typed(event, ms) {
  const input = event.target;
  if (fixed || !input.name || !input.form || input.type === "hidden" || !isPlain(input.name)) return;
  const resource = resources.get(input.form.id);
  if (!resource || !(input.name in resource.state.base)) return;
  if (input.tagName === "SELECT" && input.value === OTHER) return ownWords(input);
  const value = valueOf(input);
  const before = saver.shown(resource.state, input.name);
  if (value === before || (input.type === "number" && value === null && typeof before === "number" && input.required)) return;
  const last = done.at(-1);
  if (last?.key !== input.form.id || last.field !== input.name || ms === CHOSEN_MS) done.push({ key: input.form.id, field: input.name, value: before });
  resource.edit(input.name, value);
  resource.later(ms);
}

/** What was typed before this script was here, and what stood in a form that the server did not take. */
function adopt() {
  const refused = document.querySelector(".sheet > .notice[data-kind=bad]") !== null;
  for (const key of resources.keys()) for (const input of inputs(key)) if (refused || isTouched(input)) typed({ target: input }, CHOSEN_MS);
  for (const track of document.querySelectorAll("live-track")) for (const [name, change] of Object.entries(track.typed())) if (change) steps.add(track.dataset.name, { [name]: change });
}

document.addEventListener("input", (event) => typed(event, TYPED_MS));
document.addEventListener("change", (event) => typed(event, CHOSEN_MS));

// --- painting ---

function paintResource(key, resource) {
  for (const input of inputs(key)) {
    if (!(input.name in resource.state.base)) continue;
    const value = saver.shown(resource.state, input.name);
    // A name that the person has just emptied stays empty under the cursor, whatever was saved.
    if (document.activeElement !== input || input.tagName === "SELECT" || !(input.name in resource.state.mine)) {
      if (valueOf(input) !== value && document.activeElement !== input) put(input, value);
      else if (input.closest("dot-track") && valueOf(input) !== value) put(input, value);
    }
    const message = resource.state.errors[input.name];
    const place = input.closest("[data-field]");
    const error = place && part("error", place);
    if (!error) continue;
    error.textContent = message ? `${message} Saved: ${resource.state.base[input.name] || "nothing"}.` : "";
    input.toggleAttribute("aria-invalid", false);
    if (message) input.setAttribute("aria-invalid", "true");
    place.classList.toggle("bad", Boolean(message));
  }
}

const LABELS = {
  saved: "Saved",
  saving: "Saving…",
  waiting: "Saving…",
  retry: "Not saved. Trying again.",
  offline: "Offline. Kept on this device.",
  attention: "Needs a look",
};

function standing() {
  const states = [...resources.values()].map(({ state }) => saver.standing(state));
  const waits = states.some((state) => state !== "saved") || steps.waiting.length > 0;
  const failing = steps.failing || [...resources.values()].some((resource) => resource.failing);
  if (waits && !navigator.onLine) return "offline";
  if (waits && failing) return "retry";
  if (states.includes("attention")) return "attention";
  return waits ? "saving" : "saved";
}

function paintStanding() {
  const line = part("save");
  const state = standing();
  if (line.dataset.state !== state || !line.textContent) line.textContent = LABELS[state];
  line.dataset.state = state;
  part("undo").hidden = fixed || done.length === 0;
}

function store() {
  const kept = Object.fromEntries([...resources].map(([key, { state }]) => [key, saver.kept(state)]).filter(([, state]) => state));
  if (steps.waiting.length) kept.steps = steps.waiting;
  if (Object.keys(kept).length) localStorage.setItem(storage, JSON.stringify(kept));
  else localStorage.removeItem(storage);
}

/** What it costs to be stained beyond the empty boxes the server marks; here it is only said. */
function step(name, change) {
  const before = steps.shown[name];
  const over = "stains" in before ? overlapping(moved(before, change)) - overlapping(before) : 0;
  steps.add(name, change);
  if (over > 0 && change.stains > 0) toast(`No empty box is left for ${over === 1 ? "a stain" : `${over} stains`}: ${over} aggravated willpower, and two dice less on every pool until remorse.`);
}

function paintTracks() {
  const shown = steps.shown;
  for (const element of document.querySelectorAll("live-track")) if (shown[element.dataset.name]) element.paint(shown[element.dataset.name]);
  paintBar(shown, step);
  dice?.heard(shown);
}

let other = false; // it became something with other tracks and fields: the page is drawn anew when all is saved

let painting = null;
function changed() {
  paintStanding(); // at once: what has just been typed is not "Saved" until the next frame
  painting ??= requestAnimationFrame(() => {
    painting = null;
    for (const [key, resource] of resources) paintResource(key, resource);
    paintConflicts(resources);
    paintTracks();
    store();
    if (other && standing() === "saved") location.reload();
  });
}

// --- what others do ---

/** A whole document, from whichever answer. */
async function heard(document_) {
  if (document_.version < latest.version) return;
  const before = latest;
  latest = document_;
  if (!steps.waiting.length) steps.heard(document_.tracks);
  if (main.state.version < document_.version) main.heard(document_);
  for (const row of document.querySelectorAll(".row-form")) {
    const found = document_[row.dataset.kind]?.find(({ id }) => id === row.dataset.row);
    if (found) resources.get(row.id)?.heard(found);
  }
  other ||= document_.absent.join() !== first.absent.join();
  paintFacts(document_);
  log.heard(document_.rolls_version);
  const ids = (whole) => [...document.querySelectorAll(".kind")].flatMap(({ dataset }) => whole[dataset.kind].map(({ id }) => id)).join();
  if (ids(before) !== ids(document_) || before.xp.earned !== document_.xp.earned || before.xp.spent !== document_.xp.spent) await redraw();
  changed();
}

async function look() {
  if (document.hidden || standing() !== "saved") return;
  const { status, body } = await ask("GET", form.dataset.api);
  if (status === 200 && standing() === "saved") await heard(body);
  if (status === 404) location.reload();
}

/** Rows and experience as the server draws them; what is being typed in a row that stays is kept. */
async function redraw() {
  const response = await fetch(location.pathname, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const place of document.querySelectorAll(".kind")) mix(place, page.getElementById(place.id));
  const ledger = document.getElementById("xp");
  ledger.querySelector(".body").replaceWith(page.getElementById("xp").querySelector(".body"));
  offerOwnWords();
  watchRows(latest);
}

// --- rows ---

async function refresh() {
  const { status, body } = await ask("GET", form.dataset.api);
  if (status === 200) await heard(body);
}

document.addEventListener("submit", (event) => {
  const target = event.target;
  const what = event.submitter?.value;
  if (target.matches(".row-add") && what === "add-row") {
    event.preventDefault();
    addRow(target, form.dataset.api, refresh);
  } else if (target.matches(".row-form")) {
    event.preventDefault();
    if (what === "delete-row") deleteRow(target, resources.get(target.id), form.dataset.api, refresh);
    else resources.get(target.id)?.later(0);
  } else if (target === form) {
    event.preventDefault();
    for (const resource of resources.values()) resource.later(0);
  }
});

// --- toasts, undo, the bar ---

function takeBack() {
  const last = done.pop();
  const resource = last && resources.get(last.key);
  if (!resource) return;
  resource.edit(last.field, last.value);
  resource.later(CHOSEN_MS);
  for (const input of inputs(last.key)) if (input.name === last.field) put(input, last.value);
  toast(`${labelOf(last.key, last.field)} is ${inWords(last.value)} again.`);
}

part("undo").addEventListener("click", takeBack);
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey && !typing && done.length) {
    event.preventDefault();
    takeBack();
  }
});
part("print").hidden = false;
part("print").addEventListener("click", () => print());
document.addEventListener("step", ({ detail }) => step(detail.track, detail.steps));
steps.addEventListener("change", changed);
steps.addEventListener("document", ({ detail }) => heard(detail));
steps.addEventListener("refused", ({ detail }) => {
  toast(detail);
  refresh();
});
for (const name of ["online", "offline"]) addEventListener(name, () => {
  for (const resource of resources.values()) resource.later(0);
  changed();
});
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_MS);

const bar = document.getElementById("dice");
const log = new RollLog({
  list: part("rolls"),
  address: `/api/v1/sheets/${form.dataset.id}/rolls`,
  version: first.rolls_version,
  changed: (roll) => dice?.changed(roll),
  fallen: (roll) => toast(`${roll.actor_name || "Somebody"} rolled. ${roll.label}: ${roll.summary}.`),
});
if (bar) dice = new DiceBar({ bar, id: form.dataset.id, tracks: first.tracks, moved: refresh, fell: (roll) => log.add(roll), said: toast });

// What happens to the character on stage is here at once.
if (form.dataset.campaign) {
  // The storyteller is told of hidden rolls, too.
  const stream = new LiveStream({ url: `/campaigns/${form.dataset.campaign}/ws${first.may.tell ? "?view=gm" : ""}` });
  const isRoll = ({ message }) => message.type === "EVENT" && message.data.type === "ROLL" && message.data.characterId === form.dataset.character;
  stream.addEventListener("state", ({ detail }) => {
    if (detail.applied.some(isRoll)) log.look();
    const there = detail.state?.characters?.filter(({ id }) => id === form.dataset.character || id === form.dataset.group) ?? [];
    const told = Object.assign({}, ...there.map(({ stats }) => stats?.tracks));
    if (there.length && !steps.waiting.length) steps.heard({ ...steps.tracks, ...Object.fromEntries(Object.entries(told).filter(([name]) => name in steps.tracks)) });
  });
  stream.addEventListener("sheet", ({ detail }) => detail.sheetId === form.dataset.id && look());
  stream.addEventListener("gone", () => stream.stop());
  stream.start();
}

// On a phone the sections are folded, but for those that play needs.
if (matchMedia("(max-width: 44.99rem)").matches) {
  for (const section of document.querySelectorAll("details.sec")) section.open = ["tracks", "attributes"].includes(section.id) || `#${section.id}` === location.hash || section.contains(document.activeElement);
}
document.documentElement.dataset.live = "";
for (const holder of document.querySelectorAll(".cols")) resizable(holder);
offerOwnWords();
watchRows(first);
if (!fixed) adopt();
if (!token()) part("save").hidden = true;
changed();
