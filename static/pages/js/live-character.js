// A character's page follows the stream: its own hit points, conditions and tracks.
import { embedded, follow, reloadOnce } from "./page-stream.js";
import { plate } from "./plate.js";
import { paintArch, paintVitals } from "./vitals.js";

const sheet = document.querySelector("[data-character]");
const bootstrap = embedded("bootstrap");
const own = (state) => state.characters.find((one) => one.id === sheet.dataset.character);

function paintAbilities(abilities) {
  for (const cell of sheet.querySelectorAll("[data-ability]")) {
    const score = abilities[cell.dataset.ability];
    const bonus = Math.floor((score - 10) / 2);
    cell.firstElementChild.textContent = bonus < 0 ? `−${-bonus}` : `+${bonus}`;
    cell.lastElementChild.textContent = score;
  }
}

function changed(state) {
  const character = own(state);
  if (!character) return reloadOnce(); // deleted or made secret: the server says what is left to see
  const shown = plate(character);
  paintArch(sheet, shown);
  paintVitals(sheet, shown);
  paintAbilities(character.stats.abilities ?? {});
}

const { slug, viewerDelay } = bootstrap.campaign;
follow({ slug, state: bootstrap, delay: viewerDelay > 0, changed });
