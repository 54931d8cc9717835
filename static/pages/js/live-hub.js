// The hub follows the stream: roster, hit points, conditions, tracks, the LIVE badge, and what just happened.
import { words } from "./moments.js";
import { embedded, follow } from "./page-stream.js";
import { plate } from "./plate.js";
import { paintPlayer } from "./vitals.js";

const MOMENTS_SHOWN = 12;
const FRESH_MS = 2000;
const roster = document.getElementById("roster");
const { campaign: slug } = roster.dataset;
const bootstrap = embedded("bootstrap");
const names = embedded("names");
const delay = bootstrap.campaign.viewerDelay > 0;
let stream;

// --- the roster ---

const address = (id) => `/campaigns/${slug}/characters/${id}`;
const cards = () => new Map([...roster.children].map((card) => [card.dataset.character, card]));

function newCard() {
  // importNode, because only in this document is its <hp-bar> more than a plain element.
  const card = document.importNode(document.getElementById("player").content.firstElementChild, true);
  card.classList.add("entering");
  return card;
}

function paintRoster(state) {
  const held = cards();
  const characters = new Map(state.characters.map((one) => [one.id, one]));
  const shown = state.roster.filter((id) => characters.has(id));
  const wanted = shown.map((id) => {
    const card = held.get(id) ?? newCard();
    paintPlayer(card, plate(characters.get(id)), address(id));
    return card;
  });
  if (wanted.some((card, index) => roster.children[index] !== card) || wanted.length !== roster.children.length) roster.replaceChildren(...wanted);
  roster.dataset.count = shown.length;
  document.getElementById("roster-empty").hidden = shown.length > 0;
  document.querySelector(".hero").toggleAttribute("data-bare", shown.length === 0);
}

// --- tonight ---

function paintTonight({ episode }) {
  const line = document.querySelector("[data-part=tonight]");
  line.hidden = !episode;
  const next = document.querySelector("[data-part=next]");
  if (next) next.hidden = Boolean(episode);
  if (!episode) return;
  line.querySelector("[data-part=episode]").textContent = `Episode ${episode.number}: ${episode.title}`;
  line.querySelector("[data-part=clock]").dateTime = episode.startedAt ?? "";
  tick();
}

function tick() {
  const clock = document.querySelector("[data-part=clock]");
  const started = Date.parse(clock.dateTime);
  const seconds = Math.max(0, Math.floor((Date.now() - started) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const text = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  clock.textContent = Number.isNaN(started) ? "" : text;
}

// --- what happened ---

const list = document.getElementById("told");

function nameOf(state, id) {
  return state.characters.find((one) => one.id === id)?.name ?? names[id] ?? "";
}

function item(seq, tone, text, ts) {
  const made = document.createElement("li");
  const when = document.createElement("time");
  const what = document.createElement("span");
  const at = new Date(ts);
  Object.assign(made.dataset, { seq, tone });
  made.className = "entering";
  Object.assign(when, { className: "when small", dateTime: at.toISOString(), textContent: at.toISOString().slice(11, 16) });
  Object.assign(what, { className: "what", textContent: text });
  made.append(when, what);
  return made;
}

function takeBack(seq) {
  list.querySelector(`[data-seq="${Number(seq)}"]`)?.remove();
}

function tell(message, state) {
  const undone = message.undo ?? message.data?.undo;
  if (undone !== undefined) return takeBack(undone);
  const told = words(message, nameOf(state, message.data?.characterId));
  if (!told) return null;
  list.prepend(item(message.seq, told[0], told[1], message.ts));
  while (list.children.length > MOMENTS_SHOWN) list.lastElementChild.remove();
  return told[1];
}

// One sentence at a time, the newest; what is older than two seconds was never news to a listener.
function speak(sentences) {
  if (sentences.length) document.getElementById("said").textContent = sentences.at(-1);
}

function paintTold(applied) {
  const fresh = [];
  for (const { message, after, age } of applied) {
    if (message.type === "BOOTSTRAP") continue;
    const sentence = tell(message, after);
    if (sentence && age < FRESH_MS && !document.hidden) fresh.push(sentence);
  }
  document.getElementById("told-empty").hidden = list.children.length > 0;
  speak(fresh);
}

// --- the stream ---

function changed(state, applied) {
  // The page holds only who is on stage. Somebody else coming on is reason enough for a whole BOOTSTRAP.
  if (state.roster.some((id) => !state.characters.some((one) => one.id === id))) return begin(null);
  paintRoster(state);
  paintTonight(state);
  paintTold(applied);
}

function begin(state) {
  stream?.stop();
  stream = follow({ slug, state, delay, changed });
}

if (bootstrap.episode) tick();
setInterval(() => document.hidden || tick(), 1000);
begin(bootstrap);
