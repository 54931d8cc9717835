// The episode that runs, or the next that may begin: its line, and the one button that fits.
import { element, part } from "./elements.js";

/** What the line says and which button it has: {text, value, label}; value "" where an episode has to be planned first. */
export function episodeLine(episode, planned) {
  if (episode) return { text: `Episode ${episode.number}: ${episode.title}`, value: `episode end ${episode.number}`, label: "End episode" };
  const [next] = planned;
  if (!next) return { text: "No episode is planned.", value: "", label: "Plan one" };
  return { text: `Next: episode ${next.number}, ${next.title}`, value: `episode start ${next.number}`, label: "Begin episode" };
}

/** `way` is what is on its way for the episode: an entry of the queue, or undefined. */
export function paintEpisode(line, episode, { planned, plan, way }) {
  const { text, value, label } = episodeLine(episode, planned);
  part(line, "say").textContent = way ? `${way.label}, sending` : text;
  const known = part(line, "say").nextElementSibling;
  if ((known?.value ?? "") === value && (known?.textContent ?? "") === label) {
    known.disabled = Boolean(way);
    return;
  }
  const held = document.activeElement === known;
  const next = value ? element("button", { type: "submit", name: "do", value, class: "mini" }, label) : element("a", { class: "mini", href: plan }, label);
  known?.replaceWith(next);
  if (held) next.focus({ preventScroll: true });
}
