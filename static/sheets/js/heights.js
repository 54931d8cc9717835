// Text areas keep the height that the person gave them, on every sheet and device (preferences: 50 to 2000 pixels).
import { ask } from "./resource.js";

const [LOW, HIGH] = [50, 2000];
const known = JSON.parse(document.getElementById("sheet-heights").textContent);
const areas = [...document.querySelectorAll("textarea[form=sheet]")];

/** The height to be kept, or null where the area is as it was. */
export const changed = (before, after) => (Math.abs(after - before) < 2 ? null : Math.min(Math.max(Math.round(after), LOW), HIGH));

for (const area of areas) {
  if (known[area.name]) area.style.height = `${known[area.name]}px`;
  let before = null;
  area.addEventListener("pointerdown", () => (before = area.offsetHeight));
  // Dragged beyond its edge, the pointer is let go elsewhere.
  addEventListener("pointerup", () => {
    const height = before === null ? null : changed(before, area.offsetHeight);
    before = null;
    if (height !== null) ask("PATCH", "/api/v1/preferences", { textarea_heights: { [area.name]: height } });
  });
}
