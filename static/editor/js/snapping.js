/*
 * Where a box that is dragged comes to rest. Boxes are {left, top, right, bottom} in pixels of the picture.
 * A guide is {axis: "x" | "y", at}: a line the box lies on; or {axis, from, to, across, gap}: a distance that is found twice.
 */

const middle = (low, high) => (low + high) / 2;
const SIDES = { x: ["left", "right"], y: ["top", "bottom"] };
const OTHER = { x: "y", y: "x" };

export const moved = (box, dx, dy) => ({ left: box.left + dx, top: box.top + dy, right: box.right + dx, bottom: box.bottom + dy });

/** The box around all of them. */
export const around = (boxes) => ({
  left: Math.min(...boxes.map((box) => box.left)),
  top: Math.min(...boxes.map((box) => box.top)),
  right: Math.max(...boxes.map((box) => box.right)),
  bottom: Math.max(...boxes.map((box) => box.bottom)),
});

function stops(box, axis) {
  const [low, high] = SIDES[axis].map((side) => box[side]);
  return [low, middle(low, high), high];
}

// The nearest way from one of the box's stops to one of the lines.
function nearest(box, lines, axis, reach) {
  let best = null;
  for (const stop of stops(box, axis)) {
    for (const at of lines) {
      const way = at - stop;
      if (Math.abs(way) <= reach && (best === null || Math.abs(way) < Math.abs(best.way))) best = { way, guide: { axis, at } };
    }
  }
  return best;
}

const beside = (box, other, axis) => {
  const [low, high] = SIDES[OTHER[axis]];
  return Math.min(box[high], other[high]) > Math.max(box[low], other[low]);
};

function gapsBetween(row, axis) {
  const [low, high] = SIDES[axis];
  return row.slice(1).map((box, at) => ({ from: row[at][high], to: box[low], gap: box[low] - row[at][high] })).filter(({ gap }) => gap > 0);
}

// A gap to the neighbour before or after that is as wide as one between two others, or the same on both sides.
function evenly(box, others, axis, reach) {
  const [low, high] = SIDES[axis];
  const size = box[high] - box[low];
  const row = others.filter((other) => beside(box, other, axis)).sort((a, b) => a[low] - b[low]);
  const before = row.filter((other) => other[high] <= box[low] + reach).at(-1);
  const after = row.find((other) => other[low] >= box[high] - reach);
  const wanted = gapsBetween(row, axis).flatMap(({ gap }) => [before && before[high] + gap, after && after[low] - gap - size]);
  if (before && after) wanted.push(middle(before[high], after[low]) - size / 2);
  const ways = wanted.filter((at) => at !== undefined).map((at) => at - box[low]).filter((way) => Math.abs(way) <= reach);
  return ways.length ? ways.reduce((best, way) => (Math.abs(way) < Math.abs(best) ? way : best)) : null;
}

/** The gaps at both sides of the box that are found at least twice in its row. */
export function evenGaps(box, others, axis) {
  const [low, high] = SIDES[axis];
  const [top, bottom] = SIDES[OTHER[axis]];
  const row = [...others.filter((other) => beside(box, other, axis)), box].sort((a, b) => a[low] - b[low]);
  const gaps = gapsBetween(row, axis);
  const mine = gaps.filter(({ from, to }) => to === box[low] || from === box[high]);
  const isFoundTwice = ({ gap }) => gaps.filter((other) => Math.abs(other.gap - gap) < 0.5).length > 1;
  return gaps
    .filter((gap) => isFoundTwice(gap) && mine.some((own) => Math.abs(own.gap - gap.gap) < 0.5))
    .map((gap) => ({ axis, ...gap, across: middle(box[top], box[bottom]) }));
}

/** Lines to snap to on an axis: of the picture, of its safe area, of the others. */
export function linesOf(axis, others, areas) {
  return [...new Set([...areas, ...others].flatMap((box) => stops(box, axis)))];
}

/** {dx, dy, guides}: the way to the nearest line or even gap within `reach`, on each axis by itself. */
export function snapped(box, others, areas, reach) {
  const ways = {};
  const guides = [];
  for (const axis of ["x", "y"]) {
    const line = nearest(box, linesOf(axis, others, areas), axis, reach);
    const even = evenly(box, others, axis, reach);
    const byGap = even !== null && (line === null || Math.abs(even) < Math.abs(line.way));
    ways[axis] = byGap ? even : (line?.way ?? 0);
    if (line && !byGap) guides.push(line.guide);
  }
  const rest = moved(box, ways.x, ways.y);
  return { dx: ways.x, dy: ways.y, guides: [...guides, ...evenGaps(rest, others, "x"), ...evenGaps(rest, others, "y")] };
}
