// What the back office adds to Django's admin. Every page works without it.
import "./copy-field.js";
import "./named-choices.js";
import "./theme-preview.js";
import { offerPicker } from "./colour.js";

for (const input of document.querySelectorAll("input.colour-text")) offerPicker(input);
// Django's theme switch hears nothing before; back-office.css shows it from then on.
addEventListener("load", () => (document.documentElement.dataset.loaded = ""), { once: true });
