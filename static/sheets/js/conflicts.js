// What somebody else changed while it was being changed here: both values, and the choice.
import { inWords, labelOf } from "./inputs.js";

export function paintConflicts(resources) {
  const place = document.querySelector("[data-part=conflicts]");
  const wanted = new Map();
  for (const [key, { state }] of resources) {
    for (const [field, { theirs }] of Object.entries(state.conflicts)) wanted.set(`${key} ${field}`, { key, field, theirs, mine: state.mine[field] });
  }
  for (const notice of [...place.children]) if (!wanted.has(notice.dataset.about)) notice.remove();
  for (const [about, conflict] of wanted) {
    const text = `${labelOf(conflict.key, conflict.field)}: somebody else made it ${inWords(conflict.theirs)}, you ${inWords(conflict.mine)}. Nothing is lost until you choose.`;
    const known = [...place.children].find((notice) => notice.dataset.about === about);
    if (known) known.firstChild.textContent = text;
    else place.append(conflictNotice(resources, about, conflict, text));
  }
}

function conflictNotice(resources, about, { key, field }, text) {
  const notice = Object.assign(document.createElement("div"), { className: "notice conflict" });
  notice.dataset.kind = "warn";
  notice.dataset.about = about;
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  for (const [words, mine] of [["Keep yours", true], ["Take theirs", false]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: words });
    button.addEventListener("click", () => resources.get(key).resolve(field, mine));
    notice.append(button);
  }
  return notice;
}
