// The boxes that select2 puts in place of Django's lists are read out with the label of the list.
function nameBox(container) {
  const list = container.previousElementSibling;
  const [box, label] = [container.querySelector("[role=combobox]"), list?.labels?.[0]];
  if (box && !label && list?.ariaLabel) nameByItself(box, list);
  if (!box || !label) return;
  label.id ||= `label-of-${list.id}`;
  container.querySelector("[role=textbox]")?.setAttribute("aria-labelledby", label.id);
  box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") ?? ""}`.trim());
}

// In a row of a table the list has a name of its own, and no label.
function nameByItself(box, list) {
  box.id ||= `box-of-${list.id}`;
  box.setAttribute("aria-label", list.ariaLabel);
  box.setAttribute("aria-labelledby", `${box.id} ${box.getAttribute("aria-labelledby") ?? ""}`.trim());
}

// They come when jQuery is ready, and with each row that is added.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const node of addedNodes) if (node.nodeType === 1 && node.matches(".select2-container")) nameBox(node);
}).observe(document.body, { childList: true, subtree: true });
