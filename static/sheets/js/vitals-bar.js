// The live tracks in small, which stay in sight; on a phone with one tap for one more.
import { isDamage, marks } from "./boxes.js";

const BAR_TRACKS = 4;

export function paintBar(shown, add) {
  const bar = document.querySelector("[data-part=vitals]");
  const names = Object.keys(shown).slice(0, BAR_TRACKS);
  if (!bar.children.length) for (const name of names) bar.append(vital(name, shown[name], add));
  for (const element of bar.children) {
    if (!shown[element.dataset.track]) continue; // it became something that has no such track
    const row = [...marks(shown[element.dataset.track])];
    const mini = element.querySelector(".mini");
    while (mini.children.length > row.length) mini.lastChild.remove();
    while (mini.children.length < row.length) mini.append(document.createElement("i"));
    row.forEach((mark, n) => (mini.children[n].dataset.mark = mark));
  }
}

function vital(name, state, add) {
  const track = document.querySelector(`live-track[data-name="${name}"]`);
  const { label } = track.dataset;
  const element = Object.assign(document.createElement("div"), { className: "vital" });
  element.dataset.track = name;
  const link = Object.assign(document.createElement("a"), { href: "#tracks" });
  link.append(Object.assign(document.createElement("span"), { textContent: label }), Object.assign(document.createElement("span"), { className: "mini" }));
  link.lastChild.setAttribute("aria-hidden", "true");
  element.append(link);
  if ("fixed" in track.dataset) return element;
  const more = Object.assign(document.createElement("button"), { type: "button", textContent: "+1" });
  const step = isDamage(state) ? { superficial: 1 } : "stains" in state ? { stains: 1 } : { delta: 1 };
  more.setAttribute("aria-label", `${label}: ${"superficial" in step ? "mark one superficial" : "stains" in step ? "add one stain" : "one more"}`);
  more.addEventListener("click", () => add(name, step));
  element.append(more);
  return element;
}
