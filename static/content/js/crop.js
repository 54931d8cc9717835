// A crop as shares of the picture, {left, top, width, height}, always inside it and never smaller than SMALLEST.
export const SMALLEST = 0.05;
export const WHOLE = Object.freeze({ left: 0, top: 0, width: 1, height: 1 });

const within = (value, low, high) => Math.min(Math.max(value, low), high);

export function moved(crop, dx, dy) {
  return { ...crop, left: within(crop.left + dx, 0, 1 - crop.width), top: within(crop.top + dy, 0, 1 - crop.height) };
}

/** The corner at the bottom right goes elsewhere; the one at the top left stays. */
export function resized(crop, dw, dh) {
  return {
    ...crop,
    width: within(crop.width + dw, SMALLEST, 1 - crop.left),
    height: within(crop.height + dh, SMALLEST, 1 - crop.top),
  };
}

/** What an arrow key does: it moves, with Shift it resizes. Null for any other key. */
export function byKey(crop, key, shift, step = 0.02) {
  const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (!(key in steps)) return null;
  return shift ? resized(crop, ...steps[key]) : moved(crop, ...steps[key]);
}

export const isWhole = ({ width, height }) => width > 0.999 && height > 0.999;

/** As the server reads it; nothing for the whole picture. */
export function asText(crop) {
  return isWhole(crop) ? "" : [crop.left, crop.top, crop.width, crop.height].map((share) => share.toFixed(4)).join(",");
}

export function asWords({ left, top, width, height }) {
  const percent = (share) => Math.round(share * 100);
  return `${percent(width)} by ${percent(height)} percent of the picture, ${percent(left)} from the left, ${percent(top)} from the top`;
}
