// What fell, drawn as templates/sheets/_roll.html draws it; the lines of the log.
const made = (name, className, text) => Object.assign(document.createElement(name), { className, ...(text === undefined ? {} : { textContent: text }) });

export function sortOf(face, isSpecial) {
  if (face === 10) return "ten";
  if (face >= 6) return "hit";
  return isSpecial && face === 1 ? "one" : "miss";
}

/** The dice that a re-roll takes when nobody chose any: the lowest that are no success, at most three. */
export function worst(normal) {
  const misses = normal.map((face, place) => ({ face, place })).filter(({ face }) => face < 6);
  return misses.sort((a, b) => a.face - b.face).slice(0, 3).map(({ place }) => place);
}

function die(face, isSpecial) {
  const element = made("span", "die");
  element.dataset.r = sortOf(face, isSpecial);
  element.append(made("b", "", face));
  return element;
}

function again(face, place) {
  const element = made("label", "die");
  element.dataset.r = sortOf(face, false);
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "dice", value: place });
  box.setAttribute("aria-label", `${face}, roll again`);
  const number = made("b", "", face);
  number.setAttribute("aria-hidden", "true");
  element.append(box, number);
  return element;
}

function group(dice, caption, kind) {
  const element = made("div", "dg");
  if (kind) element.dataset.kind = kind;
  const row = document.createElement("span");
  row.append(...dice);
  element.append(row, made("small", "", caption));
  return element;
}

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

export function lineOf(roll) {
  const parts = [roll.difficulty === null ? roll.label : `${roll.label}: ${roll.total} against ${roll.difficulty}`];
  if (roll.rouse && roll.kind === "pool") parts.push(`hunger ${roll.rouse.hunger}`);
  if (roll.hidden) parts.push("hidden");
  if (roll.taken_back) parts.push("taken back");
  return parts.join(parts.length > 1 && roll.rouse ? "; " : ", ");
}

/** The whole result; `act(what)` is called when a button of it is pressed. */
export function drawRoll(roll, act) {
  const form = made("form", "again");
  form.dataset.roll = roll.id;
  const dice = made("div", "dice");
  dice.classList.toggle("many", roll.normal.length + roll.special.length > 9);
  if (roll.normal.length) dice.append(group(roll.normal.map((face, place) => (roll.can_reroll ? again(face, place) : die(face, false))), roll.special.length ? "Normal" : "\u00a0"));
  if (roll.special.length) dice.append(group(roll.special.map((face) => die(face, true)), capital(roll.special_kind), roll.special_kind));
  const out = made("div", "out");
  out.append(made("strong", "", roll.words), made("p", "", lineOf(roll)));
  form.append(dice, out);
  const frenzy = roll.frenzy && !roll.taken_back ? [["frenzy", `Resist hunger frenzy, difficulty ${roll.frenzy}`]] : [];
  const buttons = [...frenzy, ...roll.choices.map((choice) => [choice, capital(choice)]), ...(roll.can_reroll ? [["reroll", ""]] : [])].map(([what, text]) => {
    const button = made("button", "btn btn-small", text);
    button.type = "button";
    button.value = what;
    button.addEventListener("click", () => act(what));
    return button;
  });
  if (buttons.length) {
    const row = made("p", "row outs");
    row.append(...buttons);
    form.append(row);
  }
  if (roll.can_reroll) offerAgain(form, roll);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function offerAgain(form, roll) {
  const button = form.querySelector("button[value=reroll]");
  const say = () => {
    const chosen = chosenOf(form, roll);
    for (const box of form.elements.dice.length ? form.elements.dice : [form.elements.dice]) box.disabled = !box.checked && form.querySelectorAll("[name=dice]:checked").length >= 3;
    button.replaceChildren(chosen.length ? `Re-roll ${chosen.length} ` : "Choose dice to re-roll ", made("span", "faint", "1 willpower"));
    button.disabled = chosen.length === 0;
  };
  form.addEventListener("change", say);
  say();
}

/** Places of the dice to be rolled again: those that were chosen, else the worst. */
export function chosenOf(form, roll) {
  const picked = [...form.querySelectorAll("[name=dice]:checked")].map(({ value }) => Number(value));
  return picked.length ? picked : worst(roll.normal);
}

export function logLine(roll) {
  const line = document.createElement("li");
  Object.assign(line.dataset, { roll: roll.id, outcome: roll.outcome });
  const time = Object.assign(made("time", "num faint", roll.at.slice(11, 16)), { dateTime: roll.at });
  line.append(time, " ", made("span", "", `${roll.label}: ${roll.summary}${roll.hidden ? ", hidden" : ""}${roll.taken_back ? ", taken back" : ""}`));
  return line;
}
