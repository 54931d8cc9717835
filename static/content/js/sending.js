// What a file that somebody chose may become: its limit by kind, its title, and what is said while it is sent. Pure.
export const LONGEST_TITLE = 120;

const KINDS = [
  ["image", /^image\/(jpeg|png|webp)$/],
  ["media", /^(audio|video)\//],
  ["pdf", /^application\/pdf$/],
  ["text", /^text\/(plain|markdown)$/],
];

/** The name of the limit that counts for it; the server looks into the file, this only spares it the way. */
export function kindOf({ name, type }) {
  const found = KINDS.find(([, pattern]) => pattern.test(type));
  if (found) return found[0];
  return /\.(md|markdown|txt)$/i.test(name) ? "text" : null;
}

export function titleOf(name) {
  const stem = name.replace(/\.[^.]*$/, "") || name;
  return [...stem].slice(0, LONGEST_TITLE).join("");
}

export function inMegabytes(bytes) {
  const megabytes = bytes / 2 ** 20;
  return `${megabytes >= 10 ? Math.round(megabytes) : megabytes.toFixed(1)} MB`;
}

/** Why it is not worth sending; "" where it is. */
export function tooLarge(file, limits) {
  const most = Number(limits[kindOf(file)] || 0);
  if (!most || file.size <= most) return "";
  return `It has ${inMegabytes(file.size)}, and may have ${inMegabytes(most)}. Scale it down, cut it, or save it smaller.`;
}

/** What the server said, in words for a person. */
export function saidBy(status, answer) {
  if (status === 0) return "It could not be sent. Look at your connection, and try again.";
  const details = (answer?.details ?? []).map((one) => one.message).join(" ");
  return (status === 422 ? details : "") || answer?.error || "It could not be taken. Try again.";
}

/** Seconds until it is worth another try by itself; null where a person has to decide. */
export function waitAfter(status, retryAfter, tries, most = 3) {
  if (![429, 503].includes(status) || tries >= most) return null;
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) : 5;
}
