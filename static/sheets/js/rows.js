// Rows come and go without a reload. Those that stay are kept, with what is being typed in them and in the form that adds one.
import { ask } from "./resource.js";
import { toast } from "./toasts.js";

export function mix(place, next) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const [add, fresh] = [place.querySelector(".add"), next.querySelector(".add")];
  const stay = new Map([...place.querySelectorAll(".row-entry")].map((entry) => [entry.id, entry]));
  for (const entry of next.querySelectorAll(".row-entry")) if (stay.has(entry.id)) entry.replaceWith(stay.get(entry.id));
  if (add && fresh) fresh.replaceWith(add);
  place.replaceChildren(...next.childNodes);
  if (focused?.isConnected) focused.focus({ preventScroll: true }); // what is moved loses it
}

const jsonOf = (row) => Object.fromEntries([...new FormData(row)].filter(([name]) => !["csrfmiddlewaretoken", "kind", "row", "do", "flags"].includes(name)).map(([name, value]) => [name, row.elements[name]?.type === "number" ? (value === "" ? null : Number(value)) : value]));

/** A second press while the first is on its way adds nothing; what is typed meanwhile stays, and so does the focus. */
export async function addRow(row, api, refresh) {
  if (row.hasAttribute("aria-busy")) return;
  row.setAttribute("aria-busy", "true");
  await add(row, api, refresh);
  row.removeAttribute("aria-busy");
}

async function add(row, api, refresh) {
  const kind = row.elements.kind.value;
  const sent = jsonOf(row);
  const { status, body } = await ask("POST", `${api}/${kind}`, sent, { "Idempotency-Key": crypto.randomUUID() });
  for (const error of row.querySelectorAll("[data-part=error]")) error.textContent = "";
  if (status === 201) {
    if (JSON.stringify(jsonOf(row)) === JSON.stringify(sent)) row.reset();
    for (const dots of row.querySelectorAll("dot-track")) dots.paint();
    await refresh();
    const moved = !row.contains(document.activeElement) && document.activeElement !== document.body;
    if (!moved) document.querySelector(`#add-${CSS.escape(kind)} .input:not([hidden])`)?.focus();
    return;
  }
  const details = body?.details?.length ? body.details : [{ field: "", message: body?.error ?? "Not added: there is no connection. Try again." }];
  for (const { field, message } of details) {
    const place = row.querySelector(`[data-field="${CSS.escape(field)}"]`) ?? row.querySelector("[data-field]");
    place.querySelector("[data-part=error]").textContent = message;
  }
}

export async function deleteRow(row, resource, api, refresh) {
  const { kind, row: id } = row.dataset;
  const values = { ...resource.state.base, ...resource.state.mine };
  const { status, body } = await ask("DELETE", `${api}/${kind}/${id}`, {});
  if (status !== 204 && status !== 404) return toast(body?.error ?? "Not deleted: there is no connection. Try again.");
  await refresh();
  toast("Deleted.", "Undo", async () => {
    await ask("POST", `${api}/${kind}`, values, { "Idempotency-Key": crypto.randomUUID() });
    await refresh();
  });
}
