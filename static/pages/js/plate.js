// A character as the plate below an arch shows it, from the document alone. characters/plates.py says the same on the
// server; tests/characters/plates.json holds both to it.
import { BAD, GOOD } from "../../overlay/js/badge-view.js";

const BANDS = { unhurt: "Unhurt", hurt: "Hurt", bloodied: "Bloodied", critical: "Critical", down: "Down" };
const SECRET = "HP kept secret";
const STATUSES = { active: "At the table", guest: "Guest", retired: "Retired", dead: "Dead" };
const DEFAULT_ACCENT = "#f0bd4f";

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const times = (count, cell) => Array(Math.max(count, 0)).fill(cell);

export function plate(character) {
  const { stats } = character;
  const hitPoints = hp(character);
  const called = calling(character, hitPoints.mode !== "none");
  return {
    id: character.id,
    name: character.name,
    calling: called,
    role: `${character.race} ${called}`.trim(),
    player: character.player_name,
    status: character.status,
    status_label: STATUSES[character.status],
    arch: arch(character, hitPoints.down),
    ac: hitPoints.mode === "none" ? null : (stats.ac ?? null),
    hp: hitPoints,
    saves: hitPoints.down ? saves(stats) : null,
    chips: chips(stats),
    tracks: Object.entries(stats.tracks ?? {}).map(([key, value]) => track(key, value)),
  };
}

function calling(character, hasHitPoints) {
  let saysLevel = character.level && character.class && !/\d/.test(character.class);
  if (saysLevel && !hasHitPoints && character.level === 1) saysLevel = false;
  return saysLevel ? `${character.class} ${character.level}` : character.class;
}

function arch(character, down) {
  const focal = character.focal ?? { x: 0.5, y: 0.2 };
  const gone = character.status === "dead" || character.status === "retired";
  return {
    image: character.portrait_url || character.crest_url || "",
    drawn: !character.portrait_url,
    ...sources(character),
    accent: character.accent || DEFAULT_ACCENT,
    fx: Math.round(focal.x * 10),
    fy: Math.round(focal.y * 10),
    state: gone ? character.status : down ? "down" : "",
  };
}

function sources({ pictures, portrait_url: address }) {
  const known = pictures?.portrait;
  if (!known || known.url !== address) return { srcset: "", avif: "" };
  return { srcset: srcset(known.srcset), avif: srcset(known.avif_srcset) };
}

const srcset = (found) => (found ?? []).map(({ url, width }) => `${url} ${width}w`).join(", ");

export function hp({ stats, hp_display: display }) {
  const points = stats.hp;
  if (!points) return display === "hidden" ? said("hidden", SECRET, SECRET) : said("none", "", "");
  if ("band" in points) return said("band", BANDS[points.band], BANDS[points.band], { band: points.band, down: points.band === "down" });
  if ("fraction" in points) return bar(points);
  return points.max ? exact(points) : said("none", "", "");
}

function exact({ current, max, temp }) {
  const whole = Math.max(current + temp, max);
  const label = `${current} of ${max} hit points${temp ? `, ${temp} temporary` : ""}`;
  return said("exact", `${current} / ${max}`, label, { plus: temp ? `+${temp}` : "", now: current / whole, temp: temp / whole, down: current === 0 });
}

function bar({ fraction, temp }) {
  const share = Math.round(fraction * 100);
  const label = `${share} percent of hit points${temp ? ", and temporary ones" : ""}`;
  return said("bar", `${share} %`, label, { now: temp ? Math.min(fraction, 0.92) : fraction, temp: temp ? 0.08 : 0, down: fraction === 0 });
}

function said(mode, figure, label, more = {}) {
  return { mode, figure, label, plus: "", band: "", now: 0, temp: 0, down: false, ...more };
}

function saves(stats) {
  if (!stats.death_saves) return null;
  const { success: passed, failure: failed } = stats.death_saves;
  const title = failed >= 3 ? "Dead" : passed >= 3 ? "Stable" : "Death saves";
  const cells = [0, 1, 2].map((n) => (n < passed ? "s" : "")).concat([0, 1, 2].map((n) => (n < failed ? "f" : "")));
  return { title, cells, label: `Death saves: ${passed} passed, ${failed} failed` };
}

function tone(name) {
  const key = name.replaceAll(" ", "-");
  return GOOD.has(key) ? "good" : BAD.has(key) ? "bad" : "";
}

function chips(stats) {
  const inspired = stats.inspiration ? [{ text: "Inspired", kind: "good", rounds: null }] : [];
  const rounds = stats.condition_rounds ?? {};
  const named = (stats.conditions ?? []).map((name) => ({ text: capital(name), kind: tone(name), rounds: rounds[name] ?? null }));
  return [...inspired, ...named];
}

function track(key, value) {
  const name = capital(key.replaceAll("_", " "));
  return "superficial" in value ? boxes(key, name, value) : pips(key, name, value);
}

function boxes(key, name, { max, superficial, aggravated }) {
  const free = max - superficial - aggravated;
  const cells = [...times(aggravated, "aggravated"), ...times(superficial, "superficial"), ...times(free, "")];
  const label = `${name}: ${superficial} superficial, ${aggravated} aggravated of ${max}`;
  return { key, name, kind: "boxes", cells, figure: `${free} / ${max}`, label };
}

function pips(key, name, { value, max, stains }) {
  const free = max - value;
  const drawn = Math.min(stains ?? 0, free); // never over a box that is filled
  const cells = [...times(value, "full"), ...times(free - drawn, ""), ...times(drawn, "stain")];
  const label = `${name}: ${value} of ${max}${stains ? `, ${stains} stained` : ""}`;
  return { key, name, kind: stains === undefined ? "pips" : "humanity", cells, figure: `${value} / ${max}`, label };
}
