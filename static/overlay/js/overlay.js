/*
 * <campaign-overlay>: takes over the badges the server painted and keeps them at what the live stream says.
 * It draws a message the moment it comes; only motion may be skipped. Whatever fails, nothing is painted for it.
 */
import { ObsReporter } from "../../live/js/obs.js";
import { LiveStream } from "../../live/js/stream.js";
import { createBadge, drawBadge, partsOf } from "./badge.js";
import { badgeView, cast } from "./badge-view.js";
import { clampPlace, place, placesIn } from "./geometry.js";
import { Motion, hitOf } from "./motion.js";
import { RollCards, rollOf } from "./roll-card.js";
import { Shown } from "./shown.js";
import { applyColours, applyTheme } from "./theme.js";

const NO_LAYOUT = {};

function renderedState() {
  try {
    return JSON.parse(document.getElementById("overlay-state")?.textContent ?? "null");
  } catch {
    return null;
  }
}

const keyOf = (hash) => new URLSearchParams(hash.replace(/^#/, "")).get("key");

function stand(node, spot) {
  node.style.setProperty("--x", spot.x);
  node.style.setProperty("--y", spot.y);
  node.style.setProperty("--s", spot.scale);
  node.style.zIndex = String(spot.z);
  node.hidden = !spot.visible;
}

export class CampaignOverlay extends HTMLElement {
  #stream;
  #reporter;
  #entries = new Map();
  #motion = new Motion();
  #rolls = new RollCards();
  #campaign = null;
  #arranged = { layout: null, key: "" };
  #reloading = false;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #onResize = () => this.#resized();
  #onVisibility = () => document.hidden && this.#clear();

  connectedCallback() {
    const { ws, build } = this.dataset;
    // Beneath the layout editor it shows what it is told to, and opens no connection of its own.
    this.#stream = "preview" in this.dataset ? new Shown(renderedState()) : new LiveStream({
      url: ws,
      state: renderedState(),
      token: keyOf(location.hash),
      build: build || null,
      isHidden: () => this.#reporter.hidden,
    });
    this.#reporter = new ObsReporter(this.#stream, { build: build || null, tier: this.dataset.tier || null });
    this.#render();
    this.#stream.addEventListener("state", (event) => this.#changed(event.detail.applied));
    this.#stream.addEventListener("gone", () => this.#render());
    this.#stream.addEventListener("status", (event) => (this.dataset.connection = event.detail.connection));
    this.#stream.addEventListener("reload", () => this.#reload());
    window.addEventListener("resize", this.#onResize);
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#reporter.start();
    this.#stream.start();
  }

  disconnectedCallback() {
    window.removeEventListener("resize", this.#onResize);
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#reporter.stop();
    this.#stream.stop();
  }

  /** Only in a preview: draws this state, in the size and layout of this tier. */
  show(state, tier = this.#tier) {
    this.dataset.tier = this.dataset.layout = tier;
    this.#stream.show(state);
  }

  /** The state that is on the screen. */
  get state() {
    return this.#stream.state;
  }

  get #tier() {
    return this.dataset.tier || "large";
  }

  get #layout() {
    return this.state?.layoutOverrides?.[this.dataset.layout || this.#tier] ?? NO_LAYOUT;
  }

  // The campaign's switch is live; the address's is for this one source.
  get #lowPower() {
    return new URLSearchParams(location.search).get("lowpower") === "1" || this.state?.campaign?.lowPower === true;
  }

  get #still() {
    return this.#lowPower || this.#calm.matches || this.#reporter.hidden;
  }

  #changed(applied) {
    const bars = new Map([...this.#entries].map(([id, entry]) => [id, entry.view.hp]));
    this.#render();
    for (const { message, age } of applied) this.#roll(rollOf(message, age));
    if (this.#still) return;
    for (const { message, age } of applied) this.#move(hitOf(message, age), bars);
  }

  #move(hit, bars) {
    const entry = hit && this.#entries.get(hit.id);
    const from = hit && bars.get(hit.id);
    if (entry?.view.hp && from && !entry.badge.hidden) this.#motion.play(entry.badge, hit, from);
  }

  #roll(roll) {
    const badge = roll && this.#entries.get(roll.id)?.badge;
    if (badge && !badge.hidden && !this.#reporter.hidden) this.#rolls.show(badge, roll, !this.#still);
  }

  #clear() {
    this.#motion.clear();
    this.#rolls.clear();
  }

  #render() {
    const { state } = this;
    this.dataset.seq = state?.seq ?? "";
    if (!state) this.#blank();
    else this.#draw(state);
    this.dataset.ready = "";
  }

  #blank() {
    this.#clear();
    this.#entries.clear();
    this.#arranged = { layout: null, key: "" };
    this.replaceChildren();
  }

  #draw(state) {
    if (state.campaign !== this.#campaign) applyTheme(this, state.campaign?.theme);
    this.#campaign = state.campaign;
    this.toggleAttribute("data-low-power", this.#lowPower);
    const members = cast(state, this.#tier);
    this.#prune(new Set(members.map(({ character }) => character.id)));
    for (const member of members) this.#drawMember(member);
    this.#order(members);
    this.#markTurn(state.initiative);
    this.#arrange();
  }

  #markTurn(initiative) {
    const acting = initiative?.order.find(({ id }) => id === initiative.turn)?.character;
    for (const [id, { badge }] of this.#entries) {
      if (id === acting) badge.dataset.turn = `Round ${initiative.round}`;
      else delete badge.dataset.turn;
    }
  }

  #prune(kept) {
    for (const node of this.querySelectorAll("[data-character-id]")) {
      if (!kept.has(node.dataset.characterId)) node.remove();
    }
    for (const id of [...this.#entries.keys()]) if (!kept.has(id)) this.#entries.delete(id);
  }

  #drawMember({ character, tier }) {
    const entry = this.#entry(character.id);
    const { card = NO_LAYOUT, cards = NO_LAYOUT } = this.#layout;
    const next = { character, tier, card, own: cards[character.id], detached: Object.hasOwn(this.#places.chips, character.id) };
    if (Object.keys(next).every((key) => entry[key] === next[key])) return;
    const view = badgeView(character, tier, { ...card, ...next.own }, { detached: next.detached });
    drawBadge(entry.badge, entry.parts, view, entry.view);
    applyColours([entry.badge, entry.parts.chips], next.own?.colours, view.accent);
    this.#seatChips(entry, character.id, next.detached);
    Object.assign(entry, { ...next, view });
  }

  get #places() {
    return placesIn(this.#layout, innerWidth, innerHeight);
  }

  #entry(id) {
    if (!this.#entries.has(id)) {
      const own = [...this.children].filter((node) => node.dataset.characterId === id);
      const badge = own.find((node) => node.matches(".badge")) ?? createBadge(id);
      const parts = partsOf(badge);
      parts.foot = badge.querySelector(".foot");
      parts.chips ??= own.find((node) => node.matches(".chips"));
      this.#entries.set(id, { badge, parts, view: null });
    }
    return this.#entries.get(id);
  }

  #seatChips({ parts }, id, detached) {
    const seat = detached ? this : parts.foot;
    if (parts.chips.parentNode !== seat) seat.append(parts.chips);
    parts.chips.toggleAttribute("data-detached", detached);
    if (detached) parts.chips.dataset.characterId = id;
    else {
      delete parts.chips.dataset.characterId;
      for (const name of ["--x", "--y", "--s", "z-index"]) parts.chips.style.removeProperty(name);
      parts.chips.hidden = false;
    }
  }

  #order(members) {
    let next = this.firstElementChild;
    for (const { character } of members) {
      const { badge } = this.#entries.get(character.id);
      if (badge === next) next = next.nextElementSibling;
      else this.insertBefore(badge, next);
    }
  }

  // Upright pictures may have chips apart that wide ones have not.
  #resized() {
    if (this.state) this.#draw(this.state);
  }

  #arrange() {
    const { state } = this;
    if (!state) return;
    const layout = this.#layout;
    const items = cast(state, this.#tier).map(({ character, tier }) => ({ id: character.id, tier }));
    const key = JSON.stringify([items, innerWidth, innerHeight]);
    if (this.#arranged.layout === layout && this.#arranged.key === key) return;
    this.#arranged = { layout, key };
    const { badges, tall, chips } = this.#places;
    const spots = place(items, badges, innerWidth, innerHeight, tall);
    for (const { id } of items) {
      const { badge, parts, detached } = this.#entries.get(id);
      stand(badge, spots[id]);
      if (detached) stand(parts.chips, clampPlace(chips[id]));
    }
  }

  // A reload while the server is away would put the browser's own error page on air: ask first.
  async #reload() {
    if (this.#reloading) return;
    this.#reloading = true;
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.ok && this.#reporter.hidden) location.reload();
    } catch {
      // The stream notices by itself that the server is away.
    }
    this.#reloading = false;
  }
}

customElements.define("campaign-overlay", CampaignOverlay);
