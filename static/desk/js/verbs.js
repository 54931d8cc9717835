// The desk's buttons say what they do in their value ("amount 7", "condition prone"); here it becomes entries for the
// queue. The same values are read without script by overlay/desk/deeds.py.
import { labelOf } from "./labels.js";
import { amounts, condition, deathSave, inspiration } from "./orders.js";

/** Says to the person what is lacking; nothing is done. */
export class Refused extends Error {}

const WHOLE = /^[1-9][0-9]{0,3}$/;

function whole(text) {
  if (!WHOLE.test(text)) throw new Refused("Type a number from 1 to 9999.");
  return Number(text);
}

function somebody(chosen) {
  if (!chosen.length) throw new Refused("Choose somebody first.");
  return chosen;
}

const event = (body) => ({ path: "events", body, who: body.character_id ?? null, label: labelOf(body) });

function changes(documents) {
  if (!documents.length) throw new Refused("Nobody is changed by that.");
  return documents.map(event);
}

// desk: {chosen: [{id, stats, share}], character(id), field(name), fields(), told(seq), roster: {ids, tiers}, initiative}
const VERBS = {
  amount: (desk, number) => changes(amounts(desk.field("mode"), desk.field("kind"), whole(number), somebody(desk.chosen))),
  typed: (desk) => VERBS.amount(desk, desk.field("number")),
  condition: (desk, ...words) => {
    const name = (words.join(" ") || desk.field("condition")).trim().toLowerCase().replace(/\s+/g, " ");
    if (!name) throw new Refused("Name the condition, for example prone.");
    const rounds = desk.field("rounds");
    return changes(condition(name, rounds ? whole(rounds) : null, somebody(desk.chosen)));
  },
  inspire: (desk) => inspiration(somebody(desk.chosen)).map(({ id, on }) => edit(id, { inspiration: on }, on ? "inspired" : "no longer inspired")),
  save: (desk, id, result) => [event(deathSave(result, desk.character(id)))],
  undo: (desk, seq) => [{ path: "undo", body: { seq: Number(seq) }, label: `Undo: ${desk.told(Number(seq))}` }],
  stage: (desk, id, on) => {
    const ids = on === "on" ? [...desk.roster.ids, id] : desk.roster.ids.filter((one) => one !== id);
    return [rosterEntry(ids, desk.roster.tiers, `${desk.character(id).name} ${on} the overlay`)];
  },
  move: (desk, id, where) => {
    const { ids, tiers } = desk.roster;
    const next = reordered(ids, id, where);
    const label = `${desk.character(id).name}: ${next.indexOf(id) + 1} of ${ids.length} on the overlay`;
    return [rosterEntry(next, tiers, label)];
  },
  tier: (desk, id) => {
    const tiers = { ...desk.roster.tiers, [id]: desk.field(`tier-${id}`) };
    return [rosterEntry(desk.roster.ids, tiers, `${desk.character(id).name}: ${tiers[id] || "size as opened"}`)];
  },
  episode: (_desk, what, number) => {
    const label = what === "start" ? `Begin episode ${number}` : `End episode ${number}`;
    return [{ path: `episodes/${number}/${what}`, label }];
  },
  roll: (desk) => {
    const total = desk.field("roll_total").trim().replace("−", "-");
    if (!/^-?[0-9]{1,5}$/.test(total)) throw new Refused("Type the total of the roll.");
    return [event({ type: "roll", label: desk.field("roll_label").trim() || "Roll", total: Number(total), ...told(desk, "roll_hidden") })];
  },
  cue: (desk) => {
    const name = desk.field("cue").trim();
    if (!name) throw new Refused("Name the event, for example Bell rings.");
    return [event({ type: "custom", name, ...told(desk, "cue_hidden") })];
  },
  turn: (desk, what, id) => [TURNS[what](desk, id)],
};

const edit = (id, stats, label) => ({ path: `characters/${id}`, method: "PATCH", body: { stats }, who: id, label });

/** The ids with one of them "up", "down", or at a place counted from 0 ("3"). */
export function reordered(ids, id, where) {
  const at = ids.indexOf(id);
  const others = ids.filter((one) => one !== id);
  const to = { up: at - 1, down: at + 1 }[where] ?? Number(where);
  if (at < 0 || to < 0 || to > others.length) throw new Refused(where === "up" ? "Nobody stands before." : "Nobody stands after.");
  return [...others.slice(0, to), id, ...others.slice(to)];
}

function rosterEntry(ids, tiers, label) {
  const entries = ids.map((id) => ({ character_id: id, tier: tiers[id] ?? "" }));
  return { path: "roster", method: "PATCH", body: { entries }, label };
}

const TURNS = {
  next: () => ({ path: "initiative/next", label: "Next turn" }),
  to: (_desk, id) => ({ path: "initiative", method: "PATCH", body: { turn: id }, label: "Turn" }),
  begin: (desk) => ({ path: "initiative", method: "PATCH", body: { order: orderOf(desk.fields(), desk.initiative) }, label: "Turn order" }),
  end: () => ({ path: "initiative", method: "DELETE", label: "Turn order put away" }),
};

function score(text) {
  if (!/^-?[0-9]{1,3}$/.test(text) || Number(text) < -99) throw new Refused("Type initiative as a number from -99 to 999.");
  return Number(text);
}

/** The order that the form's fields describe: [name, text] pairs, "score-<id>", "foe-1", "foe-score-1", "foe-hidden-1". */
export function orderOf(fields, now) {
  const said = new Map(fields.map(([name, text]) => [name, text.trim().replace("−", "-")]));
  const known = new Map((now?.order ?? []).filter(({ character }) => !character).map(({ name, id }) => [name, id]));
  const entries = [];
  for (const [field, text] of said) {
    const [, kind, rest] = /^(score|foe)-(.+)$/.exec(field) ?? [];
    if (!text || !kind) continue;
    if (kind === "score") entries.push({ character_id: rest, score: score(text) });
    else if (/^[0-9]+$/.test(rest)) entries.push({ name: text, score: score(said.get(`foe-score-${rest}`) || "0"), hidden: said.has(`foe-hidden-${rest}`), ...(known.has(text) ? { id: known.get(text) } : {}) });
  }
  return entries;
}

function told(desk, hidden) {
  const about = desk.chosen.length === 1 ? { character_id: desk.chosen[0].id } : {};
  return desk.field(hidden) ? { ...about, hidden: true } : about;
}

/** Entries for the queue. Raises Refused, whose message says what is lacking. */
export function entriesOf(value, desk) {
  const [verb, ...words] = value.split(" ");
  const run = VERBS[verb];
  if (!run) throw new Refused("Load the desk again: it has changed since.");
  return run(desk, ...words);
}

/** What is done to the chosen leaves nobody chosen. */
export const spends = (value) => /^(amount|typed)\b/.test(value);
