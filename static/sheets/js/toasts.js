// One line at the foot of the page, with one thing to do about it.
export function toast(text, action, act) {
  document.querySelector(".toasts")?.remove();
  const holder = Object.assign(document.createElement("div"), { className: "toasts" });
  holder.setAttribute("role", "status");
  const line = Object.assign(document.createElement("div"), { className: "toast", textContent: text });
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: action });
    button.addEventListener("click", () => {
      holder.remove();
      act();
    });
    line.append(button);
  }
  holder.append(line);
  document.body.append(holder);
  setTimeout(() => holder.remove(), 8000);
}
