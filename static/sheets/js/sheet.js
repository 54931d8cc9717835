// The page of a sheet: every field saves itself, tracks are moved by steps, rows come and go without a reload.
import { LiveStream } from "../../live/js/stream.js";
import "./dot-track.js";
import "./live-track.js";
import { marks } from "./boxes.js";
import { resizable } from "./columns.js";
import { Resource, ask, token } from "./resource.js";
import * as saver from "./saver.js";
import { Steps } from "./steps.js";

const TYPED_MS = 700;
const CHOSEN_MS = 120;
const LOOK_MS = 4000;
const BAR_TRACKS = 4;

const form = document.getElementById("sheet");
const first = JSON.parse(document.getElementById("sheet-document").textContent);
const part = (name, within = document) => within.querySelector(`[data-part=${name}]`);
const storage = `sheet ${form.dataset.id}`;
const fixed = "fixed" in form.dataset;
let latest = first;

const stored = () => {
  try {
    return JSON.parse(localStorage.getItem(storage)) ?? {};
  } catch {
    return {};
  }
};
const left = stored();

// --- fields ---

const inputs = (id) => [...document.querySelectorAll(`[form="${id}"][name]:not([type=hidden])`)];
const isPlain = (name) => !name.startsWith("tracks.") && name !== "flags";

function valueOf(input) {
  if (input.type === "checkbox") return input.checked;
  if (input.type === "number") return input.value === "" ? null : Number(input.value);
  return input.value;
}

function put(input, value) {
  const holder = input.closest("dot-track");
  if (holder) holder.value = value;
  else if (input.type === "checkbox") input.checked = value;
  else if (input.tagName === "SELECT") choose(input, value);
  else if (input.value !== String(value ?? "")) input.value = value ?? "";
}

function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value), 1);
  select.value = value;
}

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

document.addEventListener("input", (event) => typed(event, TYPED_MS));
document.addEventListener("change", (event) => typed(event, CHOSEN_MS));

// Words of one's own where the list has none.
const OTHER = "\u0000other";

function offerOwnWords(within = document) {
  for (const select of within.querySelectorAll("select[data-own]")) {
    if (![...select.options].some((option) => option.value === OTHER)) select.add(new Option("In your own words…", OTHER));
  }
}

function ownWords(select) {
  const input = document.createElement("input");
  for (const name of ["id", "name", "class", "form"]) input.setAttribute(name, select.getAttribute(name));
  input.maxLength = Number(select.dataset.own);
  select.replaceWith(input);
  input.focus();
}

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

function labelOf(key, field) {
  const input = inputs(key).find(({ name }) => name === field);
  return document.getElementById(`${input?.id}-l`)?.textContent ?? input?.labels?.[0]?.textContent ?? field;
}

const inWords = (value) => (value === "" || value === null ? "nothing" : `“${value}”`);

function paintConflicts() {
  const place = part("conflicts");
  const wanted = new Map();
  for (const [key, { state }] of resources) {
    for (const [field, { theirs }] of Object.entries(state.conflicts)) wanted.set(`${key} ${field}`, { key, field, theirs, mine: state.mine[field] });
  }
  for (const notice of [...place.children]) if (!wanted.has(notice.dataset.about)) notice.remove();
  for (const [about, conflict] of wanted) {
    const text = `${labelOf(conflict.key, conflict.field)}: somebody else made it ${inWords(conflict.theirs)}, you ${inWords(conflict.mine)}. Nothing is lost until you choose.`;
    const known = [...place.children].find((notice) => notice.dataset.about === about);
    if (known) known.firstChild.textContent = text;
    else place.append(conflictNotice(about, conflict, text));
  }
}

function conflictNotice(about, { key, field }, text) {
  const notice = Object.assign(document.createElement("div"), { className: "notice conflict" });
  notice.dataset.kind = "warn";
  notice.dataset.about = about;
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  for (const [words, mine] of [["Keep yours", true], ["Take theirs", false]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: words });
    button.addEventListener("click", () => resources.get(key).resolve(field, mine));
    notice.append(button);
  }
  return notice;
}

function paintTracks() {
  const shown = steps.shown;
  for (const element of document.querySelectorAll("live-track")) if (shown[element.dataset.name]) element.paint(shown[element.dataset.name]);
  paintBar(shown);
}

function paintBar(shown) {
  const bar = part("vitals");
  const names = Object.keys(shown).slice(0, BAR_TRACKS);
  if (!bar.children.length) for (const name of names) bar.append(vital(name));
  for (const element of bar.children) {
    const row = [...marks(shown[element.dataset.track])];
    const mini = element.querySelector(".mini");
    while (mini.children.length > row.length) mini.lastChild.remove();
    while (mini.children.length < row.length) mini.append(document.createElement("i"));
    row.forEach((mark, n) => (mini.children[n].dataset.mark = mark));
  }
}

function vital(name) {
  const track = document.querySelector(`live-track[data-name="${name}"]`);
  const { label } = track.dataset;
  const element = Object.assign(document.createElement("div"), { className: "vital" });
  element.dataset.track = name;
  const link = Object.assign(document.createElement("a"), { href: "#tracks" });
  link.append(Object.assign(document.createElement("span"), { textContent: label }), Object.assign(document.createElement("span"), { className: "mini" }));
  link.lastChild.setAttribute("aria-hidden", "true");
  element.append(link);
  if ("fixed" in track.dataset) return element;
  const more = Object.assign(document.createElement("button"), { type: "button", textContent: "+1" });
  const step = "superficial" in steps.tracks[name] ? { superficial: 1 } : "stains" in steps.tracks[name] ? { stains: 1 } : { delta: 1 };
  more.setAttribute("aria-label", `${label}: ${"superficial" in step ? "mark one superficial" : "stains" in step ? "add one stain" : "one more"}`);
  more.addEventListener("click", () => steps.add(name, step));
  element.append(more);
  return element;
}

function paintFacts(document_) {
  for (const cell of document.querySelectorAll("[data-xp]")) cell.textContent = document_.xp[cell.dataset.xp];
  for (const list of document.querySelectorAll("[data-part=findings]")) {
    const found = document_.warnings.filter(({ field }) => sectionOf(field) === list.dataset.section);
    const said = found.map(({ message }) => message);
    if (said.join() === [...list.children].map((item) => item.textContent).join()) continue;
    list.replaceChildren(...said.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }
  const blood = document_.derived.blood;
  const cells = document.querySelectorAll("[data-part=blood] dd");
  if (blood) [`+${blood.surge}`, blood.mend, `+${blood.bonus}`, blood.reroll, blood.bane].forEach((value, n) => (cells[n].textContent = value));
}

function sectionOf(field) {
  const place = document.querySelector(`[data-field="${field}"], #rows-${CSS.escape(field)}`) ?? document.getElementById(field);
  return place?.closest(".sec")?.id;
}

let painting = null;
function changed() {
  painting ??= requestAnimationFrame(() => {
    painting = null;
    for (const [key, resource] of resources) paintResource(key, resource);
    paintConflicts();
    paintTracks();
    paintStanding();
    store();
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
  paintFacts(document_);
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

function mix(place, next) {
  const open = place.querySelector(".add")?.open;
  const stay = new Map([...place.querySelectorAll(".row-entry")].map((entry) => [entry.id, entry]));
  for (const entry of next.querySelectorAll(".row-entry")) if (stay.has(entry.id)) entry.replaceWith(stay.get(entry.id));
  place.replaceChildren(...next.childNodes);
  if (open && place.querySelector(".add")) place.querySelector(".add").open = true;
}

// --- rows ---

const jsonOf = (row) => Object.fromEntries([...new FormData(row)].filter(([name]) => !["csrfmiddlewaretoken", "kind", "row", "do", "flags"].includes(name)).map(([name, value]) => [name, row.elements[name]?.type === "number" ? (value === "" ? null : Number(value)) : value]));

async function addRow(row) {
  const kind = row.elements.kind.value;
  const { status, body } = await ask("POST", `${form.dataset.api}/${kind}`, jsonOf(row), { "Idempotency-Key": crypto.randomUUID() });
  for (const error of row.querySelectorAll("[data-part=error]")) error.textContent = "";
  if (status === 201) {
    row.reset();
    await refresh();
    document.querySelector(`#add-${CSS.escape(kind)} .input:not([hidden])`)?.focus();
    return;
  }
  const details = body?.details?.length ? body.details : [{ field: "", message: body?.error ?? "Not added: there is no connection. Try again." }];
  for (const { field, message } of details) {
    const place = row.querySelector(`[data-field="${CSS.escape(field)}"]`) ?? row.querySelector("[data-field]");
    part("error", place).textContent = message;
  }
}

async function deleteRow(row) {
  const { kind, row: id } = row.dataset;
  const values = { ...resources.get(row.id).state.base, ...resources.get(row.id).state.mine };
  const { status, body } = await ask("DELETE", `${form.dataset.api}/${kind}/${id}`, {});
  if (status !== 204 && status !== 404) return toast(body?.error ?? "Not deleted: there is no connection. Try again.");
  await refresh();
  toast("Deleted.", "Undo", async () => {
    await ask("POST", `${form.dataset.api}/${kind}`, values, { "Idempotency-Key": crypto.randomUUID() });
    await refresh();
  });
}

async function refresh() {
  const { status, body } = await ask("GET", form.dataset.api);
  if (status === 200) await heard(body);
}

document.addEventListener("submit", (event) => {
  const target = event.target;
  const what = event.submitter?.value;
  if (target.matches(".row-add") && what === "add-row") {
    event.preventDefault();
    addRow(target);
  } else if (target.matches(".row-form")) {
    event.preventDefault();
    if (what === "delete-row") deleteRow(target);
    else resources.get(target.id)?.later(0);
  } else if (target === form) {
    event.preventDefault();
    for (const resource of resources.values()) resource.later(0);
  }
});

// --- toasts, undo, the bar ---

function toast(text, action, act) {
  document.querySelector(".toasts")?.remove();
  const holder = Object.assign(document.createElement("div"), { className: "toasts" });
  holder.setAttribute("role", "status");
  const line = Object.assign(document.createElement("div"), { className: "toast", textContent: text });
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: action });
    button.addEventListener("click", () => {
      holder.remove();
      act();
    });
    line.append(button);
  }
  holder.append(line);
  document.body.append(holder);
  setTimeout(() => holder.remove(), 8000);
}

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
document.addEventListener("step", ({ detail }) => steps.add(detail.track, detail.steps));
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

// What happens to the character on stage is here at once.
if (form.dataset.campaign) {
  const stream = new LiveStream({ url: `/campaigns/${form.dataset.campaign}/ws` });
  stream.addEventListener("state", ({ detail }) => {
    const own = detail.state?.characters?.find(({ id }) => id === form.dataset.character);
    const told = own?.stats?.tracks;
    if (told && !steps.waiting.length) steps.heard({ ...steps.tracks, ...Object.fromEntries(Object.entries(told).filter(([name]) => name in steps.tracks)) });
  });
  stream.addEventListener("gone", () => stream.stop());
  stream.start();
}

// On a phone the sections are folded, but for those that play needs.
if (matchMedia("(max-width: 44.99rem)").matches) {
  for (const section of document.querySelectorAll("details.sec")) section.open = ["tracks", "attributes"].includes(section.id) || `#${section.id}` === location.hash;
}
document.documentElement.dataset.live = "";
for (const holder of document.querySelectorAll(".cols")) resizable(holder);
offerOwnWords();
watchRows(first);
if (!token()) part("save").hidden = true;
changed();
