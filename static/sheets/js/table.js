// The storyteller's table: a step is drawn at once, told once, and comes back by the campaign's stream.
import { LiveStream } from "../../live/js/stream.js";
import { isDamage, marks, said } from "./boxes.js";
import { ask } from "./resource.js";
import { Steps } from "./steps.js";
import { SeatDice } from "./table-dice.js";
import { toast } from "./toasts.js";

const LOOK_MS = 5000;
const SOON_MS = 60; // several sheets change together when experience is awarded
const LABELS = { saved: "Saved", saving: "Saving…", retry: "Not saved. Trying again.", offline: "Offline. Kept until you are back." };
const page = document.getElementById("table");
const part = (name, within = page) => within.querySelector(`[data-part=${name}]`);
const seats = new Map(); // id of a sheet to its steps
const dice = new Map(); // id of a sheet to its dice

const element = (id) => document.getElementById(`sheet-${id}`);

function begin(tracksOf) {
  for (const id of Object.keys(tracksOf)) {
    if (!seats.has(id)) seats.set(id, watch(id, tracksOf[id]));
    else seats.get(id).heard(tracksOf[id]);
  }
  for (const id of [...seats.keys()]) if (!(id in tracksOf)) seats.delete(id);
  lay();
}

/** Dice for each seat that stands on the page. */
function lay() {
  for (const id of [...dice.keys()]) if (!seats.has(id)) dice.delete(id);
  for (const [id, { shown }] of seats) {
    const place = element(id)?.querySelector(".seat-dice");
    if (!place) continue;
    if (!dice.has(id)) dice.set(id, new SeatDice({ id, moved: soon, said: toast }));
    if (dice.get(id).element !== place) dice.get(id).attach(place);
    dice.get(id).heard(shown);
  }
}

function watch(id, tracks) {
  const steps = new Steps({ address: `/api/v1/sheets/${id}/tracks`, tracks });
  steps.addEventListener("change", paint);
  steps.addEventListener("document", ({ detail }) => !steps.waiting.length && steps.heard(detail.tracks));
  steps.addEventListener("refused", ({ detail }) => {
    toast(detail);
    look();
  });
  return steps;
}

// --- painting ---

let painting = null;
function paint() {
  paintStanding(); // at once: a step that has just been made is not "Saved" until the next frame
  painting ??= requestAnimationFrame(() => {
    painting = null;
    for (const [id, steps] of seats) {
      paintSeat(element(id), steps.shown);
      dice.get(id)?.heard(steps.shown);
    }
  });
}

function paintSeat(seat, tracks) {
  for (const tracker of seat?.querySelectorAll(".tracker") ?? []) {
    const track = tracks[tracker.dataset.track];
    if (track) paintTrack(tracker, track);
  }
}

function paintTrack(tracker, track) {
  const row = [...marks(track)];
  const place = tracker.querySelector(".marks");
  while (place.children.length > row.length) place.lastChild.remove();
  while (place.children.length < row.length) place.append(document.createElement("i"));
  row.forEach((mark, n) => place.children[n].dataset.mark !== mark && (place.children[n].dataset.mark = mark));
  const output = part("said", tracker);
  if (output.textContent !== said(track)) output.textContent = said(track);
  tracker.toggleAttribute("data-full", isDamage(track) && track.superficial + track.aggravated === track.max);
  tracker.querySelector("[data-toggle]")?.setAttribute("aria-pressed", String(track.value > 0));
}

function standing() {
  const all = [...seats.values()];
  const waits = all.some(({ waiting }) => waiting.length);
  if (waits && !navigator.onLine) return "offline";
  if (waits && all.some(({ failing }) => failing)) return "retry";
  return waits ? "saving" : "saved";
}

function paintStanding() {
  const line = part("save");
  const state = standing();
  if (line.dataset.state !== state || !line.textContent) line.textContent = LABELS[state];
  line.dataset.state = state;
}

// --- what the storyteller does ---

page.addEventListener("submit", (event) => {
  const thrown = event.target.closest(".seat-dice") && dice.get(event.target.closest(".seat").dataset.sheet);
  if (thrown) return thrown.pressed(event);
  const button = event.submitter;
  const steps = seats.get(event.target.elements.sheet?.value);
  if (button?.name !== "step" || !steps) return void event.target.setAttribute("aria-busy", "true");
  event.preventDefault();
  const [track, name, number] = button.value.split(" ");
  const now = steps.shown[track];
  if ("mend" in button.dataset) steps.add(track, now.superficial ? { superficial: -1 } : { aggravated: -1 });
  else if ("toggle" in button.dataset) steps.add(track, { delta: now.value ? -1 : 1 });
  else steps.add(track, { [name]: Number(number) });
});

// What has been sent is not sent again by a second tap.
page.addEventListener("click", (event) => {
  if (event.target.closest("form[aria-busy]")) event.preventDefault();
});
addEventListener("pageshow", () => page.querySelector("form[aria-busy]")?.removeAttribute("aria-busy"));

// --- what others do ---

let known = null; // who sits here and what waits

async function look() {
  if (document.hidden || standing() !== "saved") return;
  const { status, body } = await ask("GET", page.dataset.api);
  if (status === 404 || status === 403) return location.reload();
  if (status !== 200 || standing() !== "saved") return;
  const now = JSON.stringify([body.sheets.map(({ id, name, character, owner_name, tracks, pool }) => [id, name, character, owner_name, pool, Object.keys(tracks)]), body.requests.map(({ id }) => id)]);
  if (known !== null && known !== now) await redraw();
  known = now;
  begin(Object.fromEntries(body.sheets.map(({ id, tracks }) => [id, tracks])));
  for (const sheet of body.sheets) {
    paintFacts(element(sheet.id), sheet);
    dice.get(sheet.id)?.fell(sheet.last_roll);
  }
}

function paintFacts(seat, sheet) {
  if (!seat) return;
  part("xp", seat).textContent = sheet.xp.available;
  const glance = part("glance", seat);
  if (glance && "blood_potency" in sheet) glance.textContent = sheet.blood_potency;
}

async function redraw() {
  const response = await fetch(location.pathname, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("table");
  for (const name of ["waiting", "seats"]) {
    const [here, there] = [part(name), part(name, fresh)];
    const focused = here.contains(document.activeElement) && document.activeElement;
    here.replaceChildren(...there.childNodes);
    if (focused) [...here.querySelectorAll("button, a")].find((each) => same(each, focused))?.focus();
  }
}

const same = (one, other) => one.value === other.value && one.href === other.href && one.getAttribute("aria-label") === other.getAttribute("aria-label");

let looking = null;

function soon() {
  clearTimeout(looking);
  looking = setTimeout(look, SOON_MS);
}

const isRoll = ({ message }) => message.type === "EVENT" && message.data.type === "ROLL";

function listen() {
  const stream = new LiveStream({ url: `/campaigns/${page.dataset.slug}/ws?view=gm` });
  stream.addEventListener("state", ({ detail }) => {
    if (detail.applied.some(isRoll)) soon();
    for (const seat of page.querySelectorAll(".seat[data-character]")) {
      const told = detail.state?.characters?.find(({ id }) => id === seat.dataset.character)?.stats?.tracks;
      const steps = seats.get(seat.dataset.sheet);
      if (told && steps && !steps.waiting.length) steps.heard({ ...steps.tracks, ...pick(told, steps.tracks) });
    }
  });
  stream.addEventListener("sheet", soon);
  stream.addEventListener("gone", () => stream.stop());
  stream.start();
}

const pick = (from, names) => Object.fromEntries(Object.entries(from).filter(([name]) => name in names));

const first = JSON.parse(document.getElementById("table-document").textContent);
begin(first.sheets);
for (const [id, roll] of Object.entries(first.rolls)) dice.get(id)?.fell(roll);
for (const name of ["online", "offline"]) addEventListener(name, paint);
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_MS);
listen();
document.documentElement.dataset.live = "";
paint();
look();
