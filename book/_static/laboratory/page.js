/** The page «Laboratorio»: its controls, its link, its commands, and what these show. */

import { Engine, button, control, element, group, labelled, latest } from "./elements.js";
import {
  SETTINGS, VERSUS, commands, fromLink, holdsSettings, networks, otherThan, standards, toLink,
} from "./settings.js";
import { Pairs, Signals } from "./signals.js";
import { TEXTS } from "./texts.js";
import { Trainer } from "./trainer.js";

export class Laboratory {
  /** @param {Object<string, HTMLElement>} places where each part of it goes */
  constructor(places) {
    this.places = places;
    this.settings = standards();
    this.controls = new Map();
    const engine = new Engine();
    this.signals = new Signals(engine);
    this.pairs = new Pairs(engine, (pair) => this.change(pair));
    this.trainer = new Trainer();
    this.measure = latest((again) => this.measureOnce(again));
    this.build();
    addEventListener("hashchange", () => this.follow());
    if (holdsSettings(location.hash)) this.follow();
    else this.change({}, false);
  }

  build() {
    const controls = (...names) => names.map((name) => {
      const changed = (value) => this.change({ [name]: value });
      const made = control(`lab-${name}`, name, TEXTS.labels[name], changed);
      this.controls.set(name, made);
      return made.node;
    });
    this.versus = element("select", { id: "lab-versus", onchange: () => this.compare() },
      element("option", { value: "", textContent: TEXTS.nothing }),
      ...VERSUS.map((value) => element("option", { value, textContent: TEXTS.labels[value] })));
    this.otherPlace = element("div");
    this.notes = element("ul");
    this.shared = element("span", { role: "status" });
    this.lines = element("div");

    const { before, train, share } = this.places;
    before.replaceChildren(
      element("div", { className: "notes", role: "alert" }, this.notes),
      element("p", {}, `${TEXTS.examples}: `,
        ...TEXTS.exampleLinks.flatMap(([textContent, href], index) =>
          [index ? " · " : "", element("a", { textContent, href })])),
      group(TEXTS.network,
        ...controls("activation", "initializer", "sigma_w", "depth", "width", "bias", "seed"),
        labelled("lab-versus", TEXTS.versus, this.versus),
        this.otherPlace),
      this.signals.figures,
      element("p", { className: "legend", textContent: TEXTS.pointsAndLines }),
      this.signals.reading,
      this.signals.histograms,
      element("p", { className: "legend", textContent: TEXTS.pairs }),
      this.pairs.node);
    this.controls.get("seed").node.append(button(TEXTS.anotherSeed, () =>
      this.change({ seed: (this.settings.seed + 1) % (SETTINGS.seed.most + 1) })));
    train.replaceChildren(
      group(TEXTS.training, ...controls("optimizer", "rate", "epochs")), ...this.trainer.nodes);
    share.replaceChildren(
      element("div", { className: "buttons" },
        button(TEXTS.share, () => this.share()),
        button(TEXTS.reset, () => this.change(standards())), this.shared),
      this.lines);
  }

  // --- settings

  /** Take the settings of the link with which the page was opened, or that was just followed. */
  follow() {
    if (!holdsSettings(location.hash)) return;
    const { settings, notes } = fromLink(location.hash);
    this.note(notes);
    this.change(settings, notes.length > 0);
  }

  note(lines) {
    this.notes.replaceChildren(...lines.map((textContent) => element("li", { textContent })));
  }

  /** The second network begins with a value of its own. */
  compare() {
    const versus = this.versus.value;
    this.change({ versus, other: versus && otherThan({ ...this.settings, versus }) });
  }

  /** Take new settings, show them everywhere, and measure. */
  change(changed, keep = true) {
    const settings = { ...this.settings, ...changed };
    if (settings.versus && settings.other === settings[settings.versus])
      settings.other = otherThan(settings);
    this.settings = settings;
    for (const [name, { show }] of this.controls) show(settings[name]);
    this.controls.get("sigma_w").node.hidden =
      settings.initializer !== "sigma_w" && settings.versus !== "sigma_w";
    this.showOther();
    this.pairs.mark(settings);
    this.showCommands();
    if (keep) this.keepLink();
    this.trainer.begin(networks(settings), this.names());
    this.measure();
  }

  /** Show what the second network differs in. */
  showOther() {
    const { versus, other } = this.settings;
    this.versus.value = versus;
    if (versus !== this.shownOther) {
      const changed = (value) => this.change({ other: value });
      this.other = versus && control("lab-other", versus, TEXTS.otherValue(versus), changed);
      this.otherPlace.replaceChildren(...(versus ? [this.other.node] : []));
      this.shownOther = versus;
    }
    if (versus) this.other.show(other);
  }

  names() { return this.settings.versus ? TEXTS.names : [""]; }

  /** The address of the page holds the settings; browsers allow few changes a second. */
  keepLink() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() =>
      history.replaceState(null, "", toLink(this.settings) || location.pathname), 250);
  }

  async share() {
    const link = location.href.replace(/#.*/, "") + toLink(this.settings);
    try {
      await navigator.clipboard.writeText(link);
      this.shared.textContent = TEXTS.shared;
    } catch {
      this.shared.textContent = TEXTS.notShared;
    }
  }

  showCommands() {
    const lines = ["gradient_flow", "training_grid"].flatMap((snippet) =>
      commands(snippet, this.settings));
    const biased = networks(this.settings).some(({ bias }) => bias !== 0);
    this.lines.replaceChildren(
      element("pre", { textContent: lines.join("\n"), tabIndex: 0 }),
      element("p", { textContent: TEXTS.commandNote + (biased ? ` ${TEXTS.commandBias}` : "") }));
  }

  // --- figures

  async measureOnce(again) {
    this.places.before.setAttribute("aria-busy", "true");
    try {
      await this.signals.measure(networks(this.settings), this.names());
      await this.pairs.measure(this.settings, again);
    } catch (error) {
      this.note([TEXTS.fault]);
      console.error(error);
    }
    this.places.before.setAttribute("aria-busy", String(again()));
  }
}
