// The dashboard follows the live stream: hit points move at once, and every part with data-live is fetched anew, at most
// every two seconds, so that its words and buttons are the server's own.
import { LiveStream } from "../../live/js/stream.js";
import { plate } from "../../pages/js/plate.js";
import { followHealth } from "./overlay-health.js";

const AGAIN_MS = 2000;
const LATE_MS = 4000;
const STALE = "The connection is lost. Reconnecting; what you see may be old.";
const board = document.querySelector("[data-live-stream]");
const two = (number) => String(number).padStart(2, "0");

let waiting = null;
let fetched = 0;
let missed = false;

// --- clocks ---

function tick() {
  const clock = document.querySelector("[data-clock]");
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock?.dateTime)) / 1000));
  if (clock && !Number.isNaN(seconds)) clock.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function tellTimes() {
  for (const time of document.querySelectorAll("time[data-at]")) {
    const at = new Date(Number(time.dataset.at));
    const isToday = at.toDateString() === new Date().toDateString();
    time.dateTime = at.toISOString();
    time.textContent = isToday ? `${two(at.getHours())}:${two(at.getMinutes())}` : at.toLocaleDateString([], { day: "numeric", month: "short" });
  }
}

// --- parts ---

/** Puts the parts of another copy of this page in the place of ours, except where somebody is at work. */
function take(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.querySelector(`[data-live="${part.dataset.live}"]`);
    const isBusy = part.contains(document.activeElement);
    missed ||= isBusy;
    if (!next || isBusy) continue;
    part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  }
  tellTimes();
  tick();
}

async function fetchParts() {
  waiting = null;
  fetched = Date.now();
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.ok && !answer.redirected) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The stream says that the connection is lost; the next message asks again.
  }
}

function soon() {
  waiting ??= setTimeout(fetchParts, Math.max(150, AGAIN_MS - (Date.now() - fetched)));
}

function paintPoints(state) {
  for (const character of state.characters) {
    const row = document.querySelector(`tr[data-character="${character.id}"]`);
    const figures = row?.querySelector("[data-part=figures]");
    if (!figures) continue;
    const { hp } = plate(character);
    figures.textContent = `${hp.figure} ${hp.plus}`;
    row.querySelector("[data-part=bar]").value = hp.now;
  }
}

// --- the stream ---

function follow() {
  const state = JSON.parse(document.getElementById("bootstrap").textContent);
  const stream = new LiveStream({ url: board.dataset.liveStream, state });
  stream.addEventListener("state", ({ detail }) => {
    paintPoints(detail.state);
    soon();
  });
  sayConnection(stream);
  followHealth(stream);
  stream.start();
}

function sayConnection(stream) {
  const line = board.querySelector("[data-part=connection]");
  let timer = null;
  stream.addEventListener("status", ({ detail }) => {
    if (detail.connection === "open") {
      clearTimeout(timer);
      timer = null;
      line.textContent = "";
    } else if (detail.connection === "waiting") timer ??= setTimeout(() => (line.textContent = STALE), LATE_MS);
  });
}

// What was put off while somebody was at work in a part.
document.addEventListener("focusout", () => {
  if (missed) soon();
  missed = false;
});
setInterval(() => document.hidden || tick(), 1000);
tellTimes();
tick();
follow();
