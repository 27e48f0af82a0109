/** Before training: what crosses one network or two, layer by layer, and the eight pairs. */

import {
  COLORS, counted, layerPanel, logarithmic, panel, panelWidth, shares, straight, tile,
} from "./charts.js";
import { button, element } from "./elements.js";
import { TEXTS } from "./texts.js";

const AXES = {
  h: (values) => logarithmic(values),
  delta: (values) => logarithmic(values),
  dead: () => shares,
  saturated: () => shares,
};

export class Signals {
  /**
   * @param {import("./elements.js").Engine} engine
   * @param {string[]} shown names of AXES
   */
  constructor(engine, shown = Object.keys(AXES)) {
    this.engine = engine;
    this.shown = shown;
    this.seen = [];
    this.figures = element("div", { className: "panels" });
    this.histograms = element("div", { className: "panels" });
    this.reading = element("div", { className: "reading", role: "status" });
    new ResizeObserver(() => this.draw()).observe(this.figures);
  }

  /**
   * Measure networks and draw them.
   *
   * @param {object[]} networks one or two, as `settings.networks` gives them
   * @param {string[]} names what each is called
   */
  async measure(networks, names) {
    const answers = await this.engine.ask("probe", { networks });
    this.seen = networks.map((network, index) =>
      ({ network, name: names[index], ...answers[index] }));
    this.draw();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.read(), 400);
  }

  draw() {
    if (!this.seen.length) return;
    const whole = this.figures.clientWidth;
    const depth = Math.max(...this.seen.map(({ layers }) => layers.length));
    this.figures.innerHTML = this.shown.map((key) => {
      const series = this.seen.map(({ network, name, layers, theory }, second) => ({
        name,
        second,
        values: layers.map((layer) => layer[key]),
        color: COLORS[network.activation],
        points: layers.map((layer, index) => [index + 1, layer[key]]),
        line: (theory[key] ?? []).map((value, index) => [index + 1, value]),
      }));
      const drawn = series.flatMap(({ points, line }) => [...points, ...line].map(([, y]) => y));
      return layerPanel(TEXTS[key], panelWidth(whole), depth, AXES[key](drawn), series);
    }).join("");
    this.histograms.innerHTML = this.seen.map((one) => histogram(one, whole)).join("");
  }

  /** Say in words what is seen, once the controls stand still. */
  read() {
    this.reading.replaceChildren(...this.seen.map(({ network, name, layers, theory }) =>
      element("p", { textContent: TEXTS.reading(name, network, layers, theory) })));
  }
}

/** The distribution of h in each layer, as wide as there are values. */
function histogram({ network, name, layers, histogram: { reach, layers: counts } }, width) {
  const last = counts[0].length - 1;
  // ReLU and the sigmoid leave nothing below zero.
  const positive = counts.every((bins) => bins.slice(0, last / 2).every((count) => !count));
  const low = positive ? -reach / 10 : -reach, marks = positive ? [0, reach] : [-reach, 0, reach];
  const shapes = counts.map((bins, index) => {
    const most = Math.max(...bins, 1);
    const side = (sign) => bins.map((count, bin) =>
      [index + 1 + sign * 0.48 * Math.sqrt(count / most), reach * ((2 * bin) / last - 1)]);
    return { color: COLORS[network.activation], outline: [...side(-1), ...side(1).reverse()] };
  });
  const title = TEXTS.histogram(name);
  return panel({
    title, width, shapes,
    label: TEXTS.chart(title, [{ name: "", values: layers.map(({ h }) => h) }]),
    x: { ...counted(1, layers.length), place: (value) => (value - 0.4) / (layers.length + 0.2) },
    y: straight(low, reach, marks.map((value) => [value, TEXTS.write(value)])),
    xLabel: TEXTS.layer,
  });
}

/** The eight pairs of the book at a glance; each can be chosen. */
export class Pairs {
  constructor(engine, choose) {
    this.engine = engine;
    this.node = element("div", { className: "pairs", role: "group", "aria-label": TEXTS.pairs });
    this.tiles = ["glorot_uniform", "he_normal"].flatMap((initializer) =>
      ["sigmoid", "tanh", "relu", "leaky_relu"].map((activation) => {
        const picture = element("span");
        const name = `${TEXTS.values[activation]} · ${TEXTS.values[initializer]}`;
        const node = button("", () => choose({ activation, initializer }));
        node.append(picture, element("span", { textContent: name }));
        return { activation, initializer, picture, node };
      }));
    this.node.append(...this.tiles.map(({ node }) => node));
  }

  /** Show which one is chosen. */
  mark(settings) {
    for (const { activation, initializer, node } of this.tiles)
      node.setAttribute("aria-pressed", String(
        activation === settings.activation && initializer === settings.initializer));
  }

  /** Measure them all, unless they are those that are seen; `stop` tells that it is in vain. */
  async measure({ depth, width, bias, seed }, stop) {
    const key = [depth, width, bias, seed].join();
    if (this.seen === key) return;
    for (const { activation, initializer, picture, node } of this.tiles) {
      if (stop()) return;
      const settings = { activation, initializer, depth, width, bias, seed };
      const layers = await this.engine.ask("pair", { settings });
      const [first, last] = [layers[0], layers[layers.length - 1]];
      picture.innerHTML = tile(layers, COLORS[activation]);
      node.setAttribute("aria-label", TEXTS.pair(activation, initializer, last.h, first.delta));
    }
    this.seen = key;
  }
}
