// The order on the overlay by drag: a row follows the pointer on its grip. The buttons beside it do the same by key.

const EDGE = 56; // pixels from the end of what scrolls, where it begins to

/** Where a row whose middle is at `y` belongs among the others, whose middles these are from the top. */
export const slotAt = (y, middles) => middles.filter((middle) => middle < y).length;

const middle = (node) => {
  const { top, height } = node.getBoundingClientRect();
  return top + height / 2;
};

/** moved(id, index): a row was dropped at another place. cancelled(): it was let go; draw it where it belongs. */
export function draggable(list, { moved, cancelled }) {
  let drag = null;

  function follow({ clientY }) {
    const { row, others, scroller } = drag;
    const before = others[slotAt(clientY, others.map(middle))] ?? others.at(-1)?.nextElementSibling ?? null;
    if (before !== row && row.nextElementSibling !== before) list.insertBefore(row, before);
    const { top, bottom } = scroller.getBoundingClientRect();
    scroller.scrollBy(0, clientY < top + EDGE ? -8 : clientY > bottom - EDGE ? 8 : 0);
  }

  function end(keep) {
    const { row, others, stop, from } = drag;
    const index = slotAt(middle(row), others.map(middle));
    stop.abort();
    row.removeAttribute("data-dragged");
    list.removeAttribute("data-dragging");
    drag = null;
    if (keep && index !== from) moved(row.dataset.character, index);
    else cancelled();
  }

  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest?.("[data-part=grip]")?.closest("li");
    if (!row || event.button !== 0) return;
    event.preventDefault();
    const onStage = [...list.querySelectorAll("li:not([data-away])")];
    const stop = new AbortController();
    const others = onStage.filter((one) => one !== row);
    drag = { row, others, stop, from: onStage.indexOf(row), scroller: scrollerOf(list) };
    row.toggleAttribute("data-dragged", true);
    list.toggleAttribute("data-dragging", true);
    const { signal } = stop;
    window.addEventListener("pointermove", follow, { signal });
    window.addEventListener("pointerup", () => end(true), { signal });
    window.addEventListener("pointercancel", () => end(false), { signal });
    window.addEventListener("keydown", ({ key }) => key === "Escape" && end(false), { signal });
  });
}

function scrollerOf(node) {
  for (let one = node; one; one = one.parentElement) if (/auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  return document.scrollingElement;
}
