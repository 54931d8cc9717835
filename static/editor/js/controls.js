/* The buttons and switches around the picture; they name what they do in data attributes of the markup. */

const COARSE = 10; // pixels
const TYPED_INTO = "input:not([type]), input[type=text], input[type=number]";
const NAMED = "[data-do], [data-template], [data-tier-tab], [data-nudge], [data-size]";

export class Controls {
  #editor;
  #parts;
  #deeds;

  constructor(editor, parts) {
    this.#editor = editor;
    this.#parts = parts;
    this.#deeds = {
      undo: () => editor.undo(),
      redo: () => editor.redo(),
      push: () => editor.push(),
      files: () => this.#toFiles(),
      "flow-all": () => editor.releaseAll(),
      "keep-mine": () => editor.settle(true),
      "take-theirs": () => editor.settle(false),
    };
    editor.addEventListener("click", (event) => this.#clicked(event.target));
    editor.addEventListener("change", (event) => this.#switched(event.target));
    this.#keepTyping(parts.inspect);
  }

  // The panel is not drawn anew while somebody types into it or has a picker of colours open.
  #keepTyping(panel) {
    panel.addEventListener("input", ({ target }) => panel.toggleAttribute("data-typing", target.matches(TYPED_INTO)));
    panel.addEventListener("change", () => panel.removeAttribute("data-typing"));
    panel.addEventListener("focusout", ({ target }) => {
      const wasTyping = "typing" in panel.dataset;
      panel.removeAttribute("data-typing");
      if (target.type === "color" || wasTyping) this.#editor.draw();
    });
  }

  draw({ canUndo, canRedo }) {
    this.#editor.querySelector("[data-do=undo]").disabled = !canUndo;
    this.#editor.querySelector("[data-do=redo]").disabled = !canRedo;
  }

  #clicked(target) {
    const node = target.closest(NAMED);
    if (!node) return;
    const { do: deed, template, tierTab, nudge, size } = node.dataset;
    const step = this.#editor.switches.coarse ? COARSE : 1;
    if (deed) this.#deeds[deed]();
    else if (template) this.#editor.template(template);
    else if (tierTab) this.#editor.toTier(tierTab);
    else if (nudge) this.#editor.nudge(...nudge.split(",").map((way) => Number(way) * step));
    else this.#editor.grow(Number(size));
  }

  #switched(input) {
    const { switch: name } = input.dataset;
    if (name) this.#flip(name, input);
    if (input.name === "ed-view") this.#look(input.value);
    if (input.name === "ed-format") this.#editor.toFormat(input.value);
  }

  #flip(name, input) {
    if (name === "behind") this.#parts.frame.dataset.behind = input.value;
    else this.#editor.switches[name] = input.type === "checkbox" ? input.checked : input.value;
    if (name === "auto") this.#editor.pushSoon();
    this.#editor.draw();
  }

  #look(view) {
    this.#editor.dataset.view = view;
    this.#editor.draw();
  }

  #toFiles() {
    const editor = this.#editor;
    editor.querySelector("[name=ed-view][value=list]").checked = true;
    this.#look("list");
    editor.querySelector(".files").scrollIntoView();
    editor.querySelector(".files a").focus();
  }
}
