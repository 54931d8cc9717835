/*
 * Everything that can be selected: badges, and conditions that stand on their own, in roster order. An item is
 * {key, kind, id, name, character, tier, box, x, y, scale, z, visible, locked, flows, secret, onStage}; its key is
 * "badges/<id>" or "chips/<id>", its box lies in pixels of the picture.
 */
import { cast } from "../../overlay/js/badge-view.js";
import { SIZES, clampPlace, place, placesIn, unit } from "../../overlay/js/geometry.js";
import { FLOW, stackOf } from "./layers.js";

export const CHIPS_ROOM = [8, 1.6]; // units: of a row of conditions that is empty just now

export const keyOf = (kind, id) => `${kind}/${id}`;
export const split = (key) => key.split("/");

// Where each badge of the roster stands that has no place of its own, and where those stand that have.
function spotsOf(people, roster, { badges, tall }, { width, height }) {
  const seen = new Set(roster);
  const members = people.filter(({ character }) => seen.has(character.id)).map(({ character, tier }) => ({ id: character.id, tier }));
  return place(members, badges, width, height, tall);
}

// Characters that have a place and are not on stage now.
function absent(people, known, { badges, tall }, tier) {
  const onStage = new Set(people.map(({ character }) => character.id));
  const ids = Object.keys({ ...badges, ...tall }).filter((id) => known.has(id) && !onStage.has(id));
  return ids.map((id) => ({ character: known.get(id), tier, onStage: false }));
}

function badgeOf(about, own, spot) {
  const { id } = about;
  return { ...about, key: keyOf("badges", id), kind: "badges", ...spot, locked: Boolean(own[id]?.locked), flows: !Object.hasOwn(own, id) };
}

function chipsOf(about, at) {
  const name = `${about.name}: conditions`;
  return { ...about, key: keyOf("chips", about.id), kind: "chips", name, ...clampPlace(at), locked: Boolean(at.locked), flows: false };
}

const roomOf = ({ kind, tier }) => (kind === "chips" ? CHIPS_ROOM : SIZES[tier]);

/**
 * scene: {document, format, picture, tier, gm, roster, looking}; gm is the state as the GM has it, roster the ids that
 * viewers see, looking(character) the character as drafted. boxOf(item, [width, height]) measures what is drawn.
 */
export function itemsOf({ document, format, picture, tier, gm, roster, looking }, boxOf) {
  const { width, height } = picture;
  const places = placesIn(document, width, height);
  const own = format === "tall" ? places.tall : places.badges;
  const known = new Map(gm.characters.map((one) => [one.id, looking(one)]));
  const people = cast(gm, tier).map((one) => ({ ...one, onStage: true }));
  const spots = spotsOf(people, roster, places, picture);
  const one = unit(width, height);
  const boxed = (item) => ({ ...item, box: boxOf(item, roomOf(item).map((length) => length * item.scale * one)) });
  return [...people, ...absent(people, known, places, tier)].flatMap(({ character, tier: size, onStage }) => {
    const { id } = character;
    const about = { id, name: character.name || "Nameless", character: known.get(id), secret: character.is_secret, onStage, tier: size };
    const badge = badgeOf(about, own, spots[id] ?? clampPlace(own[id] ?? places.badges[id] ?? {}));
    const chips = Object.hasOwn(places.chips, id) ? [chipsOf(about, places.chips[id])] : [];
    return [badge, ...chips].map(boxed);
  });
}

/** Whether the conditions of a badge stand on their own. */
export const hasChips = (document, { width, height }, id) => Object.hasOwn(placesIn(document, width, height).chips, id);

/** Items front first; those that flow stand in the stack where the flow does. */
export function inLayers(items) {
  const stack = stackOf(items.filter(({ flows }) => !flows));
  const flowing = items.filter(({ flows }) => flows);
  const byKey = new Map(items.map((item) => [item.key, item]));
  return stack.flatMap((key) => (key === FLOW ? flowing : [byKey.get(key)])).reverse();
}
