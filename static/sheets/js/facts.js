// What follows from the sheet: totals of experience, remarks, the table of the blood.
export function paintFacts(document_) {
  for (const cell of document.querySelectorAll("[data-xp]")) cell.textContent = document_.xp[cell.dataset.xp];
  for (const list of document.querySelectorAll("[data-part=findings]")) {
    const found = document_.warnings.filter(({ field }) => sectionOf(field) === list.dataset.section);
    const said = found.map(({ message }) => message);
    if (said.join() === [...list.children].map((item) => item.textContent).join()) continue;
    list.replaceChildren(...said.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }
  for (const place of document.querySelectorAll("#skills [data-part=beside]")) {
    const skill = place.closest("[data-field]").dataset.field;
    place.textContent = (document_.specialties ?? []).filter((row) => row.skill === skill).map(({ name }) => name).join(", ");
  }
  const blood = document_.derived.blood;
  const cells = document.querySelectorAll("[data-part=blood] dd");
  if (blood) [`+${blood.surge}`, blood.mend, `+${blood.bonus}`, blood.reroll, blood.bane].forEach((value, n) => (cells[n].textContent = value));
}

function sectionOf(field) {
  const place = document.querySelector(`[data-field="${field}"], #rows-${CSS.escape(field)}`) ?? document.getElementById(field);
  return place?.closest(".sec")?.id;
}
