// What a person did with a field before the script was there: it holds something else than the server put into it.

/** The option that a list begins with: the last one that is marked, else the first. */
const begun = (select) => Math.max([...select.options].findLastIndex(({ defaultSelected }) => defaultSelected), 0);

export function isTouched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.options) return field.selectedIndex !== begun(field);
  return field.value !== field.defaultValue;
}
