/*
 * What somebody rolled, on a card at their badge for as long as it takes to read: dice, successes, the outcome in words.
 * One card a badge; a re-roll or a choice takes the place of the roll it is of, and an undo takes the card away.
 */

const FRESH_MS = 2000;
const SHOWN_MS = 6500;
const ENTERED = 0.04;
const EASE = "cubic-bezier(.2, .8, .2, 1)";
const RISE = [
  { transform: "translateY(12%)", opacity: 0 },
  { transform: "none", opacity: 1, offset: ENTERED },
  { transform: "none", opacity: 1, offset: 0.94 },
  { transform: "none", opacity: 0 },
];
const MOST_DICE = 20;
const HALF = 0.5;

const isWhole = Number.isInteger;
const text = (value) => (typeof value === "string" ? value : "");

function faceOf(die) {
  const isSpecial = Boolean(die.kind);
  const sort = die.value === 10 ? "ten" : die.value >= 6 ? "hit" : isSpecial && die.value === 1 ? "one" : "miss";
  return { value: die.value, kind: text(die.kind), sort: die.sides === 10 ? sort : "miss" };
}

/** The roll in a message as the card shows it, or null. `gone` is there where an undo takes it away. */
export function rollOf(message, age) {
  const { data } = message;
  if (message.type !== "EVENT" || data?.type !== "ROLL" || !data.characterId) return null;
  const id = text(data.roll?.id) || text(data.id);
  const about = { id: data.characterId, roll: id, gone: data.undo !== undefined };
  if (about.gone) return about;
  if (age >= FRESH_MS) return null;
  const dice = Array.isArray(data.dice) ? data.dice.filter((die) => isWhole(die?.value)).map(faceOf) : [];
  const against = isWhole(data.roll?.difficulty) ? `${data.total} against ${data.roll.difficulty}` : "";
  return {
    ...about,
    label: text(data.label),
    dice: data.roll ? dice.slice(0, MOST_DICE) : [],
    words: text(data.roll?.words) || String(data.total),
    against,
    outcome: text(data.roll?.outcome),
  };
}

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function drawDie({ value, kind, sort }) {
  const die = make("i", "", make("b", "", String(value)));
  die.dataset.sort = sort;
  if (kind) die.dataset.kind = kind;
  return die;
}

function drawn(roll) {
  const said = make("p", "fell", make("strong", "", roll.words));
  if (roll.against) said.append(make("span", "", roll.against));
  const dice = make("p", "thrown", ...roll.dice.map(drawDie));
  return [make("p", "asked", roll.label), ...(roll.dice.length ? [dice] : []), said];
}

export class RollCards {
  #shown = new Map(); // badge -> {roll, card, timer, motion}

  /** Without `moves` the card is there and gone, and nothing moves. */
  show(badge, roll, moves) {
    const before = this.#shown.get(badge);
    if (roll.gone) return before?.roll.roll === roll.roll ? this.#end(badge) : undefined;
    this.#end(badge);
    const card = make("div", "roll", ...drawn(roll));
    card.dataset.outcome = roll.outcome;
    card.setAttribute("aria-hidden", "true");
    card.toggleAttribute("data-below", Number(badge.style.getPropertyValue("--y") || 1) < HALF);
    badge.append(card);
    badge.toggleAttribute("data-rolled", true);
    const motion = moves ? card.animate(RISE, { duration: SHOWN_MS, easing: EASE }) : null;
    if (motion && before?.roll.roll === roll.roll) motion.currentTime = SHOWN_MS * ENTERED;
    const timer = setTimeout(() => this.#end(badge), SHOWN_MS);
    this.#shown.set(badge, { roll, card, timer, motion });
  }

  clear() {
    for (const badge of [...this.#shown.keys()]) this.#end(badge);
  }

  #end(badge) {
    const shown = this.#shown.get(badge);
    if (!shown) return;
    this.#shown.delete(badge);
    clearTimeout(shown.timer);
    shown.motion?.cancel();
    shown.card.remove();
    badge.toggleAttribute("data-rolled", false);
  }
}
