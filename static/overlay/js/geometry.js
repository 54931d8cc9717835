/*
 * Where badges stand. Pure, and the same rule as overlay/geometry.py: tests/overlay/vectors/geometry.json binds both.
 * Lengths are in units of the overlay (see unit); x and y that go out are shares of the viewport, of the bottom left corner.
 */

// Nominal room of a badge at scale 1, in units: what the flow reserves, not what a badge happens to fill just now,
// so that a new condition on one badge never moves another.
export const SIZES = { large: [17.5, 10.5], medium: [12.6, 7.5], compact: [9.6, 3.4] };
const MARGIN_X = 2;
const MARGIN_BOTTOM = 2.2;
const GAP = 1.5;
const SHRINK = [1, 0.85, 0.7, 0.55, 0.4];
const LAST_RESORT = SHRINK[SHRINK.length - 1];
const SLACK = 1e-6;
// Neighbours of a layout may touch a little; from this share of the smaller one on, one hides the other.
const COVERED = 0.06;

/** One unit in pixels: 1 % of the width, more where the viewport is narrower than 4:3, up to 2.4 % at 9:16. */
export function unit(width, height) {
  return Math.max(width / 100, Math.min(width * 0.024, height * 0.0135));
}

const number = (value, fallback) => (typeof value === "number" && Number.isFinite(value) ? value : fallback);
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/** A saved place with every field inside its range. */
export function clampPlace(saved) {
  return {
    x: clamp(number(saved.x, 0), 0, 1),
    y: clamp(number(saved.y, 1), 0, 1),
    scale: clamp(number(saved.scale, 1), 0.25, 4),
    z: Math.trunc(clamp(number(saved.z, 0), -1000, 1000)),
    visible: saved.visible !== false,
  };
}

const sizeOf = (tier, scale) => (SIZES[tier] ?? SIZES.large).map((length) => length * scale);

function intersects(a, b, share) {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return across > Math.min(a.w, b.w) * share + SLACK && down > Math.min(a.h, b.h) * share + SLACK;
}

const boxAt = (left, bottom, [w, h]) => ({ x: left, y: bottom - h, w, h });

function keepInside(place, [w, h], wide, high) {
  return { ...place, x: clamp(place.x, 0, Math.max(0, 1 - w / wide)), y: clamp(place.y, Math.min(1, h / high), 1) };
}

/** The flow's pen: along the bottom from the left, wrapping upwards, stepping over what is placed. */
class Row {
  constructor(boxes, wide, high) {
    this.boxes = boxes;
    this.right = wide - MARGIN_X;
    this.left = MARGIN_X;
    this.bottom = high - MARGIN_BOTTOM;
    this.tallest = 0;
  }

  /** Moves to the next free spot for this size; false when the picture is full. */
  seek(size) {
    const [w, h] = size;
    while (this.bottom - h >= -SLACK) {
      if (this.left > MARGIN_X && this.left + w > this.right + SLACK) {
        this.#wrap(h);
        continue;
      }
      const here = boxAt(this.left, this.bottom, size);
      const blocker = this.boxes.find((box) => intersects(here, box, 0));
      if (!blocker) return true;
      this.left = blocker.x + blocker.w + GAP;
      this.tallest = Math.max(this.tallest, h);
    }
    return false;
  }

  /** Back inside the picture, over others if it must be. */
  squeeze([w, h]) {
    this.bottom = Math.max(h, this.bottom);
    this.left = Math.min(this.left, Math.max(MARGIN_X, this.right - w));
  }

  advance([w, h]) {
    this.left += w + GAP;
    this.tallest = Math.max(this.tallest, h);
  }

  #wrap(h) {
    this.left = MARGIN_X;
    this.bottom -= (this.tallest || h) + GAP;
    this.tallest = 0;
  }
}

function flow(items, boxes, wide, high, factor) {
  const row = new Row(boxes, wide, high);
  const out = {};
  for (const { id, tier, scale } of items) {
    const size = sizeOf(tier, scale * factor);
    if (!row.seek(size)) {
      if (factor !== LAST_RESORT) return null;
      row.squeeze(size);
    }
    out[id] = { x: row.left / wide, y: row.bottom / high, scale: scale * factor };
    row.advance(size);
  }
  return out;
}

function flowToFit(items, boxes, wide, high) {
  for (const factor of SHRINK) {
    const laid = flow(items, boxes, wide, high, factor);
    if (laid) return laid;
  }
  return {};
}

/** What stands already, and who is left to flow. */
class Stage {
  spots = {};
  boxes = [];
  flowing = [];

  constructor(wide, high) {
    this.wide = wide;
    this.high = high;
    this.narrow = wide < 100 - SLACK;
  }

  put({ id, tier }, saved, exactly = false) {
    if (!saved) {
      this.flowing.push({ id, tier, scale: 1, z: 0 });
      return;
    }
    let spot = clampPlace(saved);
    const room = sizeOf(tier, spot.scale);
    const adapts = this.narrow && !exactly;
    if (adapts) spot = keepInside(spot, room, this.wide, this.high);
    const box = boxAt(spot.x * this.wide, spot.y * this.high, room);
    if (adapts && spot.visible && this.boxes.some((other) => intersects(box, other, COVERED))) {
      this.flowing.push({ id, tier, scale: spot.scale, z: spot.z });
      return;
    }
    this.spots[id] = spot;
    if (spot.visible) this.boxes.push(box);
  }
}

/**
 * items: [{id, tier}] in roster order; saved: {id: place} of the layout, `tall` those drawn for upright pictures;
 * returns {id: {x, y, scale, z, visible}}. On 16:9 and wider a saved place is kept to the digit, and so is one of `tall`.
 * Where the unit is larger than 1 % of the width, a layout drawn for a wide picture would push badges over each other:
 * they are kept inside, and the covering one joins the flow.
 */
export function place(items, saved, width, height, tall = {}) {
  const size = unit(width, height);
  const stage = new Stage(width / size, height / size);
  const isDrawn = ({ id }) => Object.hasOwn(tall, id);
  for (const item of items) if (isDrawn(item)) stage.put(item, tall[item.id], true);
  for (const item of items) if (!isDrawn(item)) stage.put(item, Object.hasOwn(saved, item.id) ? saved[item.id] : null);
  const { spots, flowing } = stage;
  const laid = flowToFit(flowing, stage.boxes, stage.wide, stage.high);
  for (const { id, z } of flowing) spots[id] = { ...laid[id], z, visible: true };
  return spots;
}

const NO_PLACES = {};

/** The layout's places of a picture of this size: {badges, tall, chips}. Those of upright pictures go before. */
export function placesIn(layout, width, height) {
  const tall = height > width ? (layout.tall ?? NO_PLACES) : NO_PLACES;
  const chips = layout.chips ?? NO_PLACES;
  return { badges: layout.badges ?? NO_PLACES, tall: tall.badges ?? NO_PLACES, chips: tall.chips ? { ...chips, ...tall.chips } : chips };
}
