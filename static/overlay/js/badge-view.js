/*
 * What a badge shows, worked out of the live state without touching the page; the twin of overlay/badges.py.
 * tests/overlay/vectors/badges.json binds both. A view is plain data and compares by its JSON.
 */

export const TIERS = ["large", "medium", "compact"];
const BAND_FRACTION = { unhurt: 1, hurt: 0.75, bloodied: 0.5, critical: 0.25, down: 0 };
// How much of the bar a temporary layer of unknown size takes.
const SOME_TEMP = 0.08;
// The same words as characters/conditions.py, which a test compares.
export const GOOD = new Set(
  ("aid bless blessed blur concentrating haste hasted heroism inspired invisible mirror-image resistance sanctuary " +
    "shield shield-of-faith").split(" "),
);
export const BAD = new Set(
  ("bane baned bleeding blinded charmed compulsion cursed deafened diseased exhaustion frenzy frightened grappled " +
    "hexed hunger-frenzy impaired incapacitated paralyzed petrified poisoned prone restrained silenced slowed " +
    "stunned terror-frenzy torpor unconscious weakened").split(" "),
);
const TRACK_ORDER = ["health", "willpower", "hunger", "desperation", "danger", "humanity"];
const SHAPES = ["plain", "shield", "circle", "diamond", "square"];
const AC_SHAPES = SHAPES.slice(1);
const CHIP_LIMIT = { large: 4, medium: 3, compact: 0 };
const TRACK_LIMIT = { large: 6, medium: 3, compact: 1 };
const DETACHED_CHIP_LIMIT = 8;
const MAX_STATS = 8;
const MAX_CELLS = 20;
const STATE_CHIPS = { down: "Down", dead: "Dead", retired: "Retired" };

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const int = (value) => (isNumber(value) ? Math.trunc(value) : null);
const count = (value) => Math.max(0, int(value) ?? 0);
const dict = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});
const share = (value) => Math.max(0, Math.min(1, value));
const fill = (length, value) => Array.from({ length }, () => value);

/** A slug as a label: "mirror-image" gives "Mirror image". */
export function words(slug) {
  const [first = "", ...rest] = slug.replace(/[-_]+/g, " ").trim();
  return first.toUpperCase() + rest.join("");
}

function bandOf(fraction) {
  if (fraction <= 0) return "down";
  if (fraction <= 0.25) return "critical";
  if (fraction <= 0.5) return "bloodied";
  return fraction < 1 ? "hurt" : "unhurt";
}

function bar(fraction, temp) {
  const total = temp ? Math.max(1, fraction + SOME_TEMP) : 1;
  const now = fraction / total;
  return { mode: "bar", now, temp: temp ? SOME_TEMP / total : 0, label: "", band: bandOf(fraction), current: null, max: null, extra: null };
}

function exact(raw) {
  const current = int(raw.current);
  const max = count(raw.max);
  const extra = count(raw.temp);
  if (current === null || max === 0) return null;
  const filled = Math.min(Math.max(current, 0), max);
  // Temporary HP widen the bar when it is full: a layer that is there must be seen.
  const total = Math.max(max, filled + extra);
  const label = `${current} / ${max}${extra ? ` +${extra}` : ""}`;
  return { mode: "exact", now: share(filled / total), temp: extra / total, label, band: bandOf(current / max), current, max, extra };
}

/** The bar in whichever of the display modes the stats came; null when there is nothing to show. */
export function hpOf(stats) {
  const raw = dict(dict(stats).hp);
  if (typeof raw.band === "string" && Object.hasOwn(BAND_FRACTION, raw.band)) {
    const { band } = raw;
    return { mode: "band", now: BAND_FRACTION[band], temp: 0, label: words(band), band, current: null, max: null, extra: null };
  }
  return isNumber(raw.fraction) ? bar(share(raw.fraction), raw.temp === true) : exact(raw);
}

function stateOf(character, stats, hp) {
  if (character.status === "dead" || character.status === "retired") return character.status;
  if (count(dict(stats.death_saves).failure) >= 3) return "dead";
  const health = dict(dict(stats.tracks).health);
  const woundedOut = count(health.max) > 0 && count(health.aggravated) >= count(health.max);
  return woundedOut || hp?.band === "down" ? "down" : "up";
}

const three = (value) => [1, 2, 3].map((n) => count(value) >= n);

// Only of those who fall by hit points: a vampire in torpor makes no death saves.
function savesOf(stats, state, hp) {
  const saves = dict(stats.death_saves);
  if (state !== "down" || !hp || !Object.keys(saves).length) return null;
  return { success: three(saves.success), failure: three(saves.failure) };
}

function boxes(raw, max, label) {
  const aggravated = Math.min(max, count(raw.aggravated));
  const superficial = Math.min(max - aggravated, count(raw.superficial));
  const cells = [...fill(aggravated, "x"), ...fill(superficial, "/"), ...fill(max - aggravated - superficial, "")];
  return { kind: "boxes", cells, text: `${label} ${aggravated} aggravated, ${superficial} superficial of ${max}` };
}

function humanity(raw, value, max, label) {
  // Stains are written from the right end, as on paper, and over none of the filled ones.
  const stains = Math.min(max, count(raw.stains));
  const cells = Array.from({ length: max }, (_, n) => (n < value ? "on" : n >= max - stains ? "stain" : ""));
  return { kind: "humanity", cells, text: `${label} ${value} of ${max}${stains ? `, ${stains} stained` : ""}` };
}

function trackOf(key, raw, asked) {
  const max = Math.min(MAX_CELLS, count(raw.max));
  if (max === 0) return null;
  const label = asked || words(key);
  const value = Math.min(max, count(raw.value));
  if ("superficial" in raw) return { key, label, ...boxes(raw, max, label) };
  if ("stains" in raw) return { key, label, ...humanity(raw, value, max, label) };
  const cells = [...fill(value, "on"), ...fill(max - value, "")];
  return { key, label, kind: "pips", cells, text: `${label} ${value} of ${max}` };
}

function entries(card) {
  const listed = Array.isArray(card.stats) ? card.stats : [];
  return listed.filter((entry) => entry && entry.visible !== false && typeof entry.key === "string").slice(0, MAX_STATS);
}

const labelOf = (entry) => (typeof entry.label === "string" ? entry.label.trim() : "");
const isTrack = (entry) => entry.key.startsWith("tracks.");

function rank(a, b) {
  const place = (key) => (TRACK_ORDER.includes(key) ? TRACK_ORDER.indexOf(key) : TRACK_ORDER.length);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

function tracksOf(stats, card, tier) {
  const tracks = dict(stats.tracks);
  const asked = entries(card).filter(isTrack).map((entry) => [entry.key.slice("tracks.".length), labelOf(entry)]);
  const names = asked.length ? asked : Object.keys(tracks).sort(rank).map((key) => [key, ""]);
  const drawn = names.map(([key, label]) => trackOf(key, dict(tracks[key]), label));
  return drawn.filter(Boolean).slice(0, TRACK_LIMIT[tier]);
}

function valueText(value) {
  if (typeof value === "string") return [...value.trim()].slice(0, 12).join("");
  if (value === true) return "Yes";
  const number = int(value);
  return number === null ? "" : String(number);
}

function statOf(character, entry) {
  const { key } = entry;
  const value = key.split(".").reduce((at, step) => dict(at)[step], character.stats);
  const text = valueText(key === "level" ? character.level || null : value);
  if (text === "") return null;
  const shape = SHAPES.includes(entry.shape) ? entry.shape : "plain";
  return { key, label: labelOf(entry) || words(key.split(".").at(-1)), value: text, shape };
}

function statsOf(character, card, tier) {
  if (tier === "compact") return [];
  const plain = entries(card).filter((entry) => !isTrack(entry));
  return plain.map((entry) => statOf(character, entry)).filter(Boolean);
}

function kindOf(condition) {
  const key = condition.replaceAll(" ", "-");
  if (GOOD.has(key)) return "good";
  return BAD.has(key) ? "bad" : "plain";
}

function chipsOf(stats, state, saves) {
  const rounds = dict(stats.condition_rounds);
  // State first, so that it is never the one that is cut off; death saves say "down" themselves.
  const chips = STATE_CHIPS[state] && !saves ? [{ text: STATE_CHIPS[state], kind: "state" }] : [];
  if (stats.inspiration === true) chips.push({ text: "Inspired", kind: "good" });
  for (const condition of stats.conditions ?? []) {
    const left = int(rounds[condition]);
    chips.push({ text: words(condition) + (left === null ? "" : ` ${left}`), kind: kindOf(condition) });
  }
  return chips;
}

function cut(chips, limit) {
  if (chips.length <= limit || limit === 0) return chips.slice(0, limit);
  return [...chips.slice(0, limit - 1), { text: `+${chips.length - limit + 1}`, kind: "plain" }];
}

function roleOf(character, tier, leveled) {
  if (tier === "compact") return "";
  const level = count(character.level);
  const role = [character.race, character.class, leveled && level ? String(level) : ""].filter(Boolean).join(" ");
  return [role, tier === "large" ? character.player_name : ""].filter(Boolean).join(" · ");
}

function vitalsOf(hp, tracks) {
  if (hp) return tracks.length ? "both" : "hp";
  return tracks.length ? "tracks" : "none";
}

function picture(character, wanted) {
  const { x, y } = dict(character.focal);
  return {
    accent: /^#[0-9a-f]{6}$/i.test(character.accent ?? "") ? character.accent : "",
    portrait: wanted ? character.portrait_url || character.crest_url || "" : "",
    crest: wanted ? character.crest_url || "" : "",
    focal: { x: isNumber(x) ? share(x) : 0.5, y: isNumber(y) ? share(y) : 0.2 },
  };
}

/** One badge without its place. `card` switches parts off; what it does not name is shown. */
export function badgeView(character, tier, card = {}, { detached = false } = {}) {
  const wants = (part) => card[part] !== false;
  const stats = dict(character.stats);
  const hp = hpOf(stats);
  const state = stateOf(character, stats, hp);
  const saves = savesOf(stats, state, hp);
  const tracks = tracksOf(stats, card, tier);
  const shown = wants("hp") ? hp : null;
  // Games that count in tracks have no levels and no armour class, and the fields' defaults are none.
  const leveled = hp !== null || !Object.keys(dict(stats.tracks)).length;
  const armoured = leveled || character.hp_display === "hidden";
  const ac = armoured && wants("ac") && tier !== "compact" ? count(stats.ac) : 0;
  return {
    id: character.id,
    tier,
    state,
    vitals: vitalsOf(shown, tracks),
    name: wants("name") ? (character.name ?? "") : "",
    role: wants("role") ? roleOf(character, tier, leveled) : "",
    ...picture(character, wants("portrait")),
    ac: ac ? String(ac) : "",
    ac_shape: AC_SHAPES.includes(card.ac_shape) ? card.ac_shape : AC_SHAPES[0],
    hp: shown,
    tracks,
    stats: statsOf(character, card, tier),
    saves: tier === "compact" ? null : saves,
    chips: cut(wants("conditions") ? chipsOf(stats, state, saves) : [], detached ? DETACHED_CHIP_LIMIT : CHIP_LIMIT[tier]),
  };
}

/** The characters on stage in roster order, each with the tier it is drawn in. */
export function cast(state, tier) {
  const byId = new Map(state.characters.map((character) => [character.id, character]));
  const tierOf = (id) => (TIERS.includes(state.rosterTiers?.[id]) ? state.rosterTiers[id] : tier);
  return state.roster.filter((id) => byId.has(id)).map((id) => ({ character: byId.get(id), tier: tierOf(id) }));
}
