// A picker beside a text field for a colour. The text stays the field: it may be empty, which a picker cannot say.
const COLOUR = /^#[0-9a-f]{6}$/i;
const UNSET = "#808080";

export function offerPicker(text) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.className = "colour-picker";
  picker.setAttribute("aria-label", `Pick: ${text.labels[0]?.textContent.replace(/:$/, "") ?? "colour"}`);
  const show = () => {
    const set = COLOUR.test(text.value);
    picker.value = set ? text.value.toLowerCase() : UNSET;
    picker.classList.toggle("unset", !set);
  };
  picker.addEventListener("input", () => {
    text.value = picker.value;
    show();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  text.addEventListener("input", show);
  show();
  text.after(picker);
}
