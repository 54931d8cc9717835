/* Ready-made arrangements: places for a whole company, in units of the overlay (geometry.js), so that none overlap. */
import { SIZES, unit } from "../../overlay/js/geometry.js";

const MARGIN = 3.5; // units to the edge of the picture
const GAP = 1.5;
// A line of badges smaller than this is broken in two, as long as there are so many.
const LEGIBLE = 0.75;
const SMALLEST = 0.25;

const round = (number) => Number(number.toFixed(5));
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const most = (numbers) => Math.max(...numbers);
const inLines = (members, count) => {
  const length = Math.ceil(members.length / count);
  return Array.from({ length: Math.ceil(members.length / length) }, (_, at) => members.slice(at * length, (at + 1) * length));
};

// The scale at which lengths in a line, with gaps between that do not scale, fit into the room.
const fit = (lengths, room) => Math.min(1, (room - GAP * (lengths.length - 1)) / sum(lengths));

// Along and across a line: a row runs along the width, a column along the height.
const along = (axis) => ({ tier }) => SIZES[tier][axis];

function scaleFor(lines, axis, [length, depth]) {
  const lengthwise = most(lines.map((line) => 1 / fit(line.map(along(axis)), length)));
  return Math.min(1 / lengthwise, fit(lines.map((line) => most(line.map(along(1 - axis)))), depth));
}

/** As few lines as stay legible, and the one scale for all of them. */
function broken(members, axis, room) {
  const tries = members.map((_, at) => inLines(members, at + 1)).map((lines) => ({ lines, scale: scaleFor(lines, axis, room) }));
  const found = tries.find(({ scale }) => scale >= LEGIBLE) ?? tries.reduce((best, one) => (one.scale > best.scale ? one : best));
  return { lines: found.lines, scale: Math.max(SMALLEST, found.scale) };
}

function inRows(members, room, fromTop) {
  const { lines, scale } = broken(members, 0, [room.wide - 2 * MARGIN, room.high - 2 * MARGIN]);
  const depth = (line) => most(line.map(along(1))) * scale;
  const ordered = fromTop ? lines : [...lines].reverse();
  let edge = MARGIN;
  return ordered.flatMap((line) => {
    const widths = line.map((member) => along(0)(member) * scale);
    let left = (room.wide - sum(widths) - GAP * (line.length - 1)) / 2;
    const bottom = fromTop ? edge + depth(line) : room.high - edge;
    edge += depth(line) + GAP;
    return line.map(({ id }, at) => {
      const spot = { id, left, bottom, scale };
      left += widths[at] + GAP;
      return spot;
    });
  });
}

function inColumns(members, room, side) {
  const { lines, scale } = broken(members, 1, [room.high - 2 * MARGIN, (room.wide - 2 * MARGIN) / 2]);
  let edge = MARGIN;
  return lines.flatMap((line) => {
    const width = most(line.map(along(0))) * scale;
    const start = edge;
    edge += width + GAP;
    let bottom = room.high - MARGIN;
    return [...line].reverse().map((member) => {
      const own = along(0)(member) * scale;
      const spot = { id: member.id, left: side === "left" ? start : room.wide - start - own, bottom, scale };
      bottom -= along(1)(member) * scale + GAP;
      return spot;
    });
  });
}

const TEMPLATES = {
  foot: (members, room) => inRows(members, room, false),
  head: (members, room) => inRows(members, room, true),
  side: (members, room) => inColumns(members, room, "left"),
  wings(members, room) {
    const half = Math.ceil(members.length / 2);
    const [left, right] = [members.slice(0, half), members.slice(half)];
    return [...inColumns(left, room, "left"), ...(right.length ? inColumns(right, room, "right") : [])];
  },
};

export const NAMES = Object.keys(TEMPLATES);

/** Places by id for members [{id, tier}] in roster order, in a picture of width x height pixels. */
export function arranged(name, members, width, height) {
  if (!members.length) return {};
  const one = unit(width, height);
  const room = { wide: width / one, high: height / one };
  const spots = TEMPLATES[name](members, room);
  return Object.fromEntries(
    spots.map(({ id, left, bottom, scale }) => [id, { x: round(left / room.wide), y: round(bottom / room.high), scale: round(scale), z: 0, visible: true }]),
  );
}
