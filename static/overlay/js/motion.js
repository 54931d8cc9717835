/*
 * The one animation a badge has: the ghost of what was lost behind the bar, and the number that rises.
 * Transform and opacity only, at most one at a time per badge; a burst adds up in the one that is running.
 */

const HIT_MS = 1400;
const RISEN = 0.2;
const FRESH_MS = 2000;
const EASE = "cubic-bezier(.2, .8, .2, 1)";
const RISE = [
  { transform: "translateY(30%) scale(.8)", opacity: 0 },
  { transform: "none", opacity: 1, offset: RISEN },
  { transform: "none", opacity: 1, offset: 0.55 },
  { transform: "translateY(-60%)", opacity: 0 },
];

const signed = (delta) => (delta > 0 ? `+${delta}` : `−${-delta}`);

/** The hit in a message, or null: only HP that moved by an event move on the screen; an undo is not drama. */
export function hitOf(message, age) {
  const { data } = message;
  if (message.type !== "EVENT" && message.type !== "HP_CHANGE") return null;
  if (data?.type !== "HP_CHANGE" || data.undo !== undefined || age >= FRESH_MS) return null;
  const exact = typeof data.delta === "number" && data.delta !== 0;
  return { id: data.characterId, delta: exact ? data.delta : null, kind: typeof data.kind === "string" ? data.kind : "" };
}

/** Two hits as one; a number is only shown while every part of it is known. */
export function merged(running, hit) {
  if (!running) return hit;
  const known = running.delta !== null && hit.delta !== null;
  return { ...hit, delta: known ? running.delta + hit.delta : null };
}

export class Motion {
  #running = new Map();

  /** Starts, or adds to, the motion of one badge. `from` are the shares {now, temp} of the bar before the hit. */
  play(badge, hit, from) {
    const before = this.#running.get(badge);
    const sum = merged(before?.hit, hit);
    const start = before?.from ?? from;
    this.#stop(badge);
    const number = this.#number(badge, sum);
    const bar = badge.querySelector("hp-bar");
    const moves = [bar?.trail?.(start, HIT_MS, EASE), number?.animate(RISE, { duration: HIT_MS, easing: EASE })].filter(Boolean);
    if (!moves.length) return;
    this.#running.set(badge, { hit: sum, from: start, number, moves });
    // A number that is already up stays up and only counts on.
    if (before) for (const move of moves) move.currentTime = HIT_MS * RISEN;
    const last = moves[moves.length - 1];
    last.onfinish = () => this.#stop(badge);
  }

  /** Ends every motion at once, at what is true now. */
  clear() {
    for (const badge of [...this.#running.keys()]) this.#stop(badge);
  }

  #number(badge, hit) {
    if (!hit.delta) return null;
    const number = badge.ownerDocument.createElement("span");
    number.className = "hit";
    number.textContent = signed(hit.delta);
    number.dataset.kind = hit.kind;
    number.toggleAttribute("data-heal", hit.delta > 0);
    number.setAttribute("aria-hidden", "true");
    badge.append(number);
    return number;
  }

  #stop(badge) {
    const running = this.#running.get(badge);
    this.#running.delete(badge);
    if (!running) return;
    for (const move of running.moves) move.cancel();
    running.number?.remove();
  }
}
