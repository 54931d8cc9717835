/*
 * The layout document of one tier as the editor holds it; overlay/layouts.py is the law. Places of upright pictures are
 * a part of their own, `tall`; whoever has none there is fitted in from the wide ones.
 */
import { changes } from "./tree.js";

export const PARTS = ["portrait", "name", "role", "hp", "ac", "conditions"];
const PLACES = ["badges", "chips"];

export const blank = () => ({
  badges: {},
  chips: {},
  tall: { badges: {}, chips: {} },
  card: { ...Object.fromEntries(PARTS.map((part) => [part, true])), stats: [] },
  cards: {},
});

/** A layout as the stream or the API tells it, without what is not the document's. */
export function documentOf(told) {
  if (!told) return blank();
  const empty = blank();
  const held = Object.fromEntries(Object.keys(empty).map((key) => [key, told[key] ?? empty[key]]));
  return { ...held, card: { ...empty.card, ...held.card } };
}

export const versionOf = (told) => told?.version ?? 0;

const within = (format) => (format === "tall" ? ["tall"] : []);

export const pathOf = (format, kind, id) => [...within(format), kind, id];

/** Places of a kind ("badges" or "chips") that the format has of its own. */
export const placesOf = (document, format, kind) => (format === "tall" ? document.tall : document)[kind];

/** The document with other places in one format; null takes a place away. */
export function withPlaces(document, format, kind, places) {
  const held = placesOf(document, format, kind);
  const merged = Object.fromEntries(Object.entries({ ...held, ...places }).filter(([, place]) => place !== null));
  if (format !== "tall") return { ...document, [kind]: merged };
  return { ...document, tall: { ...document.tall, [kind]: merged } };
}

/** What a card shows: that of the character on top of that of the size. */
export const cardOf = (document, id) => ({ ...document.card, ...(id ? document.cards[id] : null) });

/** The document with options of a card changed; `id` null is the card of all. `undefined` gives an option back to all. */
export function withCard(document, id, options) {
  if (!id) return { ...document, card: { ...document.card, ...options } };
  const own = Object.fromEntries(Object.entries({ ...document.cards[id], ...options }).filter(([, value]) => value !== undefined));
  const { [id]: _old, ...others } = document.cards;
  return { ...document, cards: Object.keys(own).length ? { ...others, [id]: own } : others };
}

// What is on a place only sometimes is said outright, as the server keeps what a patch does not name.
const whole = (place) => (place === undefined ? null : { locked: false, ...place });

function placesPatch(base, draft) {
  const patch = {};
  for (const kind of PLACES) {
    const ids = new Set(changes(base[kind], draft[kind]).map(({ path }) => path[0]));
    if (ids.size) patch[kind] = Object.fromEntries([...ids].map((id) => [id, whole(draft[kind][id])]));
  }
  return patch;
}

/** The body of the PATCH that leads from one document to the other; {} when they are the same. */
export function patchBetween(base, draft) {
  const patch = placesPatch(base, draft);
  const tall = placesPatch(base.tall, draft.tall);
  if (Object.keys(tall).length) patch.tall = tall;
  const options = changes(base.card, draft.card);
  if (options.length) patch.card = Object.fromEntries(options.map(({ path: [key] }) => [key, draft.card[key]]));
  const cards = new Set(changes(base.cards, draft.cards).map(({ path }) => path[0]));
  if (cards.size) patch.cards = Object.fromEntries([...cards].map((id) => [id, draft.cards[id] ?? null]));
  return patch;
}

