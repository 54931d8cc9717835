/* Aligning and distributing, moving and resizing boxes; see snapping.js for what a box is. */
import { around, moved } from "./snapping.js";

export const LEAST_SEEN = 24; // pixels of a badge that stay in the picture
export const SMALLEST = 0.25;
export const LARGEST = 4;

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const width = (box) => box.right - box.left;
const height = (box) => box.bottom - box.top;

const WAYS = {
  left: (box, area) => [area.left - box.left, 0],
  center: (box, area) => [(area.left + area.right - box.left - box.right) / 2, 0],
  right: (box, area) => [area.right - box.right, 0],
  top: (box, area) => [0, area.top - box.top],
  middle: (box, area) => [0, (area.top + area.bottom - box.top - box.bottom) / 2],
  bottom: (box, area) => [0, area.bottom - box.bottom],
};

/** Boxes on one line: of the area where one is alone, else of the boxes themselves. */
export function aligned(boxes, edge, area) {
  const within = boxes.length > 1 ? around(boxes) : area;
  return boxes.map((box) => moved(box, ...WAYS[edge](box, within)));
}

/** The same gap between neighbours; the outermost stay. `axis` is "x" or "y". */
export function distributed(boxes, axis) {
  const [low, size, way] = axis === "x" ? ["left", width, (d) => [d, 0]] : ["top", height, (d) => [0, d]];
  if (boxes.length < 3) return boxes;
  const order = boxes.map((_, at) => at).sort((a, b) => boxes[a][low] - boxes[b][low]);
  const [first, last] = [boxes[order[0]], boxes[order.at(-1)]];
  const taken = order.reduce((sum, at) => sum + size(boxes[at]), 0);
  const gap = (last[low] + size(last) - first[low] - taken) / (boxes.length - 1);
  const out = [...boxes];
  let next = first[low];
  for (const at of order) {
    out[at] = moved(boxes[at], ...way(next - boxes[at][low]));
    next += size(boxes[at]) + gap;
  }
  return out;
}

/** How far a group may go so that something of each stays in the picture of `area`. */
export function kept(boxes, dx, dy, area) {
  const limit = (values, low, high) => [Math.max(...values.map((value) => low - value)), Math.min(...values.map((value) => high - value))];
  const [left, right] = limit(boxes.map((box) => box.left), area.left, area.right - LEAST_SEEN);
  const [up, down] = limit(boxes.map((box) => box.bottom), area.top + LEAST_SEEN, area.bottom);
  return [clamp(dx, Math.min(left, 0), Math.max(right, 0)), clamp(dy, Math.min(up, 0), Math.max(down, 0))];
}

/**
 * The scale and box after a corner was pulled by dx, dy. `corner` is "nw", "ne", "sw" or "se"; the one opposite stays.
 * Width and height keep their ratio, as a badge is scaled, not stretched: the longer way of the two counts.
 */
export function resized(box, scale, corner, dx, dy) {
  const across = (corner.endsWith("e") ? dx : -dx) / width(box);
  const down = (corner.startsWith("s") ? dy : -dy) / height(box);
  const wanted = scale * (1 + (Math.abs(across) > Math.abs(down) ? across : down));
  return scaled(box, scale, clamp(wanted, SMALLEST, LARGEST), corner);
}

/** The same for a scale that is known; without a corner the bottom left one stays. */
export function scaled(box, from, to, corner = "ne") {
  const factor = to / from;
  const [w, h] = [width(box) * factor, height(box) * factor];
  const left = corner.endsWith("e") ? box.left : box.right - w;
  const top = corner.startsWith("s") ? box.top : box.bottom - h;
  return { scale: to, box: { left, top, right: left + w, bottom: top + h } };
}
