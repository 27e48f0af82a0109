/** The page «Laboratorio»: controls, figures, and two workers that compute. */

import { COLORS, counted, logarithmic, panel, shares, straight, tile } from "./charts.js";
import {
  SETTINGS, VERSUS, commands, fromLink, holdsSettings, networks, otherThan, standards, toLink,
} from "./settings.js";
import { TEXTS } from "./texts.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** An element with properties and children. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in made ? (made[name] = value) : made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A worker that answers questions, one promise each; `progress` comes without a question. */
class Engine {
  constructor(progress = () => {}) {
    this.waiting = new Map();
    this.asked = 0;
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data: { id, answer, fault } }) => {
      if (id === undefined) return progress(answer);
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      fault ? reject(new Error(fault)) : resolve(answer);
    };
    this.worker.onerror = ({ message }) => {
      for (const { reject } of this.waiting.values()) reject(new Error(message));
    };
  }
  ask(what, question = {}) {
    const id = this.asked++;
    this.worker.postMessage({ id, what, ...question });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}

// --- controls -------------------------------------------------------------------------------

/** How a slider holds a setting; a rate is a power of ten. */
const sliderOf = ({ least, most, step }) =>
  step
    ? { min: least, max: most, step, to: String, from: Number }
    : {
        min: Math.log10(least), max: Math.log10(most), step: 0.05,
        to: (value) => String(Math.log10(value)),
        from: (text) => Number((10 ** Number(text)).toPrecision(2)),
      };

/** A control for a setting: {node, show(value)}; it tells `changed` the value that is chosen. */
function control(id, name, text, changed) {
  const setting = SETTINGS[name];
  if (setting.values) {
    const options = setting.values.map((value) =>
      element("option", { value, textContent: TEXTS.values[value] }));
    const select = element("select", { id, onchange: () => changed(select.value) }, ...options);
    const node = element("div", { className: "control" }, element("label", { htmlFor: id, textContent: text }), select);
    return { node, show: (value) => (select.value = value) };
  }
  if (setting.typed) {
    const { least: min, most: max } = setting;
    const box = element("input", {
      id, type: "number", min, max, onchange: () => changed(setting.near(box.value)),
    });
    const label = element("label", { htmlFor: id, textContent: text });
    return { node: element("div", { className: "control" }, label, box), show: (value) => (box.value = value) };
  }
  const { to, from, ...range } = sliderOf(setting);
  const output = element("output", { htmlFor: id });
  const slider = element("input", { id, type: "range", ...range, oninput: () => changed(from(slider.value)) });
  const label = element("label", { htmlFor: id }, text, " ", output);
  const show = (value) => {
    slider.value = to(value);
    output.textContent = TEXTS.valueOf(name, value);
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  return { node: element("div", { className: "control" }, label, slider), show };
}

const button = (textContent, onclick, more = {}) =>
  element("button", { type: "button", textContent, onclick, ...more });

// --- the page -------------------------------------------------------------------------------

class Laboratory {
  /** @param {{before: Element, train: Element, share: Element}} places */
  constructor(places) {
    this.places = places;
    this.controls = new Map();
    this.settings = standards();
    this.turn = 0;
    this.prober = new Engine();
    this.build();
    addEventListener("hashchange", () => this.follow());
    new ResizeObserver(() => this.draw()).observe(this.figures);
    this.change(standards(), false);
    this.follow();
  }

  /** The worker that trains, from the first training on. */
  get trainer() {
    return (this.training ??= new Engine((report) => this.showTraining(report)));
  }

  build() {
    const set = (name) => (value) => this.change({ [name]: value });
    const controls = (...names) => names.map((name) => {
      this.controls.set(name, control(`lab-${name}`, name, TEXTS.labels[name], set(name)));
      return this.controls.get(name).node;
    });
    const group = (title, ...children) =>
      element("fieldset", {}, element("legend", { textContent: title }), ...children);

    const versus = element("select", {
      id: "lab-versus",
      onchange: () => this.change({
        versus: versus.value,
        other: versus.value ? otherThan({ ...this.settings, versus: versus.value }) : "",
      }),
    }, element("option", { value: "", textContent: TEXTS.nothing }),
      ...VERSUS.map((value) => element("option", { value, textContent: TEXTS.labels[value] })));
    this.versus = versus;
    this.otherPlace = element("div", { className: "control" });
    const another = button(TEXTS.anotherSeed, () =>
      this.change({ seed: (this.settings.seed + 1) % (SETTINGS.seed.most + 1) }));

    this.notes = element("ul");
    this.reading = element("div", { className: "reading", role: "status" });
    this.figures = element("div", { className: "panels" });
    this.histograms = element("div", { className: "panels wide" });
    this.pairs = element("div", { className: "pairs", role: "group", "aria-label": TEXTS.pairs });
    this.tiles = this.buildPairs();
    this.shared = element("span", { role: "status" });
    this.lines = element("div", { className: "commands" });

    const { before, train, share } = this.places;
    before.replaceChildren(
      element("div", { className: "notes", role: "alert" }, this.notes),
      element("p", { className: "examples" }, `${TEXTS.examples}: `,
        ...TEXTS.exampleLinks.flatMap(([textContent, href], index) =>
          [index ? " · " : "", element("a", { textContent, href })])),
      group(TEXTS.network,
        ...controls("activation", "initializer", "sigma_w", "depth", "width", "bias", "seed"),
        element("div", { className: "control" },
          element("label", { htmlFor: "lab-versus", textContent: TEXTS.versus }), versus),
        this.otherPlace),
      this.figures,
      element("p", { className: "legend", textContent: TEXTS.pointsAndLines }),
      this.reading,
      this.histograms,
      element("p", { className: "legend", textContent: TEXTS.pairs }),
      this.pairs);
    this.controls.get("seed").node.append(another);
    this.buildTraining(train, group, controls);
    share.replaceChildren(
      element("div", { className: "buttons" },
        button(TEXTS.share, () => this.share()),
        button(TEXTS.reset, () => this.change(standards())), this.shared),
      this.lines);
  }

  buildPairs() {
    const tiles = new Map();
    for (const initializer of ["glorot_uniform", "he_normal"])
      for (const activation of ["sigmoid", "tanh", "relu", "leaky_relu"]) {
        const picture = element("span");
        const name = element("span", { textContent: `${TEXTS.values[activation]} · ${TEXTS.values[initializer]}` });
        const node = button("", () => this.change({ activation, initializer }));
        node.append(picture, name);
        this.pairs.append(node);
        tiles.set(node, { activation, initializer, picture });
      }
    return tiles;
  }

  buildTraining(place, group, controls) {
    this.bets = element("fieldset", { className: "bets" });
    this.run = button(TEXTS.train, () => this.toggle());
    this.stepper = button(TEXTS.step, () => this.takeStep());
    this.restarter = button(TEXTS.restart, () => this.stopTraining());
    this.hint = element("span", { id: "lab-hint", textContent: TEXTS.betFirst });
    this.run.setAttribute("aria-describedby", "lab-hint");
    this.progress = element("p", { className: "reading", role: "status" });
    this.outcome = element("p", { className: "outcome", role: "status" });
    this.curves = element("div", { className: "panels" });
    place.replaceChildren(
      group(TEXTS.training, ...controls("optimizer", "rate", "epochs")),
      this.bets,
      element("div", { className: "buttons" }, this.run, this.stepper, this.restarter, this.hint),
      this.progress, this.outcome, this.curves,
      element("p", { className: "legend", textContent: TEXTS.startAndNow }));
  }

  // --- settings

  follow() {
    if (!holdsSettings(location.hash)) return;
    const { settings, notes } = fromLink(location.hash);
    this.notes.replaceChildren(...notes.map((textContent) => element("li", { textContent })));
    this.change(settings, notes.length > 0);
  }

  change(changed, mend = true) {
    const before = this.settings.versus;
    this.settings = { ...this.settings, ...changed };
    const { settings } = this;
    if (settings.versus && settings.other === settings[settings.versus])
      settings.other = otherThan(settings);
    for (const [name, { show }] of this.controls) show(settings[name]);
    this.controls.get("sigma_w").node.hidden = settings.initializer !== "sigma_w" && settings.versus !== "sigma_w";
    this.versus.value = settings.versus;
    if (settings.versus !== before || !this.otherPlace.firstChild) this.buildOther();
    this.other?.show(settings.other);
    for (const [node, { activation, initializer }] of this.tiles)
      node.setAttribute("aria-pressed", activation === settings.activation && initializer === settings.initializer);
    if (mend) this.keepLink();
    this.showCommands();
    this.stopTraining();
    this.measure();
  }

  buildOther() {
    const { versus } = this.settings;
    this.other = versus
      ? control("lab-other", versus, TEXTS.otherValue(versus), (other) => this.change({ other }))
      : null;
    this.otherPlace.replaceChildren(...(this.other ? [this.other.node] : []));
    this.otherPlace.hidden = !versus;
  }

  /** The address of the page holds the settings; browsers allow few changes a second. */
  keepLink() {
    clearTimeout(this.linkSoon);
    this.linkSoon = setTimeout(() =>
      history.replaceState(null, "", toLink(this.settings) || location.pathname), 250);
  }

  async share() {
    const link = new URL(toLink(this.settings) || "#", location.href.replace(/#.*/, ""));
    try {
      await navigator.clipboard.writeText(link);
      this.shared.textContent = TEXTS.shared;
    } catch {
      this.shared.textContent = TEXTS.notShared;
    }
  }

  showCommands() {
    const snippets = ["gradient_flow", "training_grid"];
    const lines = snippets.flatMap((snippet) => commands(snippet, this.settings));
    const biased = networks(this.settings).some(({ bias }) => bias !== 0);
    this.lines.replaceChildren(
      element("pre", { textContent: lines.join("\n"), tabIndex: 0 }),
      element("p", { textContent: TEXTS.commandNote + (biased ? ` ${TEXTS.commandBias}` : "") }));
  }

  names() { return this.settings.versus ? TEXTS.names : [""]; }

  // --- before training

  /** Measure what the controls say now; what they said in between is passed over. */
  async measure() {
    this.wanted = true;
    if (this.measuring) return;
    this.measuring = true;
    this.places.before.setAttribute("aria-busy", true);
    while (this.wanted) {
      this.wanted = false;
      const asked = networks(this.settings);
      try {
        const answers = await this.prober.ask("probe", { networks: asked });
        this.seen = asked.map((network, index) => ({ network, ...answers[index] }));
      } catch (error) {
        this.fail(error);
        break;
      }
      this.draw();
      if (!this.wanted) await this.measurePairs();
    }
    this.measuring = false;
    this.places.before.setAttribute("aria-busy", false);
  }

  async measurePairs() {
    const { depth, width, bias, seed } = this.settings;
    const key = [depth, width, bias, seed].join();
    if (this.pairsKey === key) return;
    for (const [node, { activation, initializer, picture }] of this.tiles) {
      if (this.wanted) return;
      const layers = await this.prober.ask("pair", { settings: { activation, initializer, depth, width, bias, seed } });
      picture.innerHTML = tile(layers, COLORS[activation]);
      node.setAttribute("aria-label", TEXTS.pair(activation, initializer, layers.at(-1).h, layers[0].delta));
    }
    this.pairsKey = key;
  }

  draw() {
    if (!this.seen) return;
    const names = this.names();
    const depth = Math.max(...this.seen.map(({ layers }) => layers.length));
    const panels = [
      ["h", (values) => logarithmic(values)], ["delta", (values) => logarithmic(values)], ["dead", () => shares], ["saturated", () => shares],
    ].map(([key, axis]) => {
      const series = this.seen.map(({ network, layers, theory }, second) => ({
        name: names[second],
        values: layers.map((layer) => layer[key]),
        color: COLORS[network.activation],
        second,
        points: layers.map((layer, index) => [index + 1, layer[key]]),
        line: (theory[key] ?? []).map((value, index) => [index + 1, value]),
      }));
      const values = series.flatMap(({ points, line }) => [...points, ...line].map(([, value]) => value));
      return this.layerPanel(TEXTS[key], depth, axis(values), series);
    });
    this.figures.innerHTML = panels.join("");
    this.histograms.innerHTML = this.seen.map((seen, index) => this.histogram(seen, names[index])).join("");
    this.drawTraining();
    clearTimeout(this.readSoon);
    this.readSoon = setTimeout(() => this.read(), 400);
  }

  /** Say in words what is seen, once the controls stand still. */
  read() {
    const names = this.names();
    this.reading.replaceChildren(...this.seen.map(({ network, layers, theory }, index) => {
      const own = { ...this.settings, ...network };
      const initializer = TEXTS.values[network.initializer] ?? `σ_w = ${TEXTS.write(own.sigma_w)}`;
      return element("p", { textContent: TEXTS.reading(names[index], { ...own, initializer }, layers, theory) });
    }));
  }

  width(columns = 2) {
    const whole = this.places.before.clientWidth;
    return Math.floor(whole < 560 || columns === 1 ? whole : (whole - 16) / 2);
  }

  layerPanel(title, depth, y, series, reference) {
    return panel({
      title, y, series, reference,
      label: TEXTS.chart(title, series),
      width: this.width(),
      x: counted(1, depth),
      xLabel: TEXTS.layer,
    });
  }

  histogram({ network, layers, histogram: { reach, layers: counts } }, name) {
    // ReLU and the sigmoid leave nothing below zero.
    const last = counts[0].length - 1;
    const positive = counts.every((bins) => bins.slice(0, last / 2).every((count) => !count));
    const low = positive ? -reach / 10 : -reach, marks = positive ? [0, reach] : [-reach, 0, reach];
    const half = 0.48 * (layers.length > 1 ? 1 : 0.5);
    const shapes = counts.map((bins, index) => {
      const most = Math.max(...bins, 1);
      const side = (sign) => bins.map((count, bin) =>
        [index + 1 + sign * half * Math.sqrt(count / most), reach * ((2 * bin) / last - 1)]);
      return { color: COLORS[network.activation], outline: [...side(-1), ...side(1).reverse()] };
    });
    const title = TEXTS.histogram(name);
    return panel({
      title, shapes,
      label: TEXTS.chart(title, [{ values: layers.map(({ h }) => h) }]),
      width: this.width(1),
      x: { ...counted(1, layers.length), place: (value) => (value - 0.4) / (layers.length + 0.2) },
      y: straight(low, reach, marks.map((value) => [value, TEXTS.write(value)])),
      xLabel: TEXTS.layer,
    });
  }

  // --- training

  askBet() {
    const both = this.settings.versus ? 1 : 0;
    this.bet = undefined;
    const choose = (value) => () => {
      this.bet = value;
      this.allow();
    };
    const options = [...Object.entries(TEXTS.bets[both]), [null, TEXTS.noBet]].map(([value, text]) =>
      element("label", {}, element("input", { type: "radio", name: "lab-bet", onchange: choose(value) }), ` ${text}`));
    this.bets.replaceChildren(element("legend", { textContent: TEXTS.bet[both] }), ...options);
    this.allow();
  }

  allow() {
    const may = this.bet !== undefined;
    this.run.disabled = this.stepper.disabled = !may || this.report?.done === true;
    this.restarter.disabled = !this.report;
    this.hint.hidden = may;
    this.bets.disabled = Boolean(this.report);
    this.run.textContent = this.running ? TEXTS.pause : this.report ? TEXTS.resume : TEXTS.train;
  }

  /** Forget the training; the next one begins with what the controls say. */
  stopTraining() {
    if (this.report || this.running) this.trainer.ask("pause");
    this.turn += 1; // what belongs to an earlier training is not shown any more
    this.report = null;
    this.running = false;
    this.progress.textContent = this.outcome.textContent = "";
    this.askBet();
    this.drawTraining();
  }

  async prepare() {
    if (this.report) return;
    const { turn } = this, asked = networks(this.settings);
    this.losses = asked.map(() => []);
    const report = await this.trainer.ask("prepare", { networks: asked, turn });
    if (turn !== this.turn) return;
    this.start = report.runs.map(({ gradients }) => gradients);
    this.showTraining(report);
  }

  async toggle() {
    this.running = !this.running;
    this.allow();
    const { turn } = this;
    await this.prepare();
    if (turn === this.turn) await this.trainer.ask(this.running ? "run" : "pause");
  }

  async takeStep() {
    this.running = false;
    const { turn } = this;
    await this.prepare();
    const report = await this.trainer.ask("step");
    this.showTraining(report);
  }

  showTraining(report) {
    if (report.turn !== this.turn) return;
    const epoch = Math.floor(report.step / report.steps);
    const moved = !this.report || epoch !== Math.floor(this.report.step / report.steps);
    report.runs.forEach(({ losses }, index) => this.losses[index].push(...losses));
    this.report = report;
    if (report.done) this.running = false;
    if (moved) this.tell(epoch);
    if (report.done) this.judge();
    if (moved || !still.matches) this.drawTraining();
    this.allow();
  }

  tell(epoch) {
    const names = this.names();
    const accuracies = this.report.runs.map(({ tests }, index) => ({ name: names[index], accuracy: tests.at(-1) }));
    const lost = accuracies.filter(({ accuracy }) => Number.isNaN(accuracy));
    this.progress.textContent = [
      ...lost.map(({ name }) => TEXTS.diverged(name)),
      TEXTS.progress(epoch, this.report.epochs, accuracies.map(({ name, accuracy }) =>
        ({ name, accuracy: Number.isNaN(accuracy) ? 0.1 : accuracy }))),
    ].join(" ");
  }

  judge() {
    const [first, second] = this.report.runs.map(({ tests }) => tests.at(-1) || 0.1);
    const texts = TEXTS.bets[second === undefined ? 0 : 1];
    const truth = second === undefined
      ? (first < 0.2 ? "chance" : first < 0.8 ? "half" : "learns")
      : (Math.abs(first - second) < 0.05 ? "same" : first > second ? "a" : "b");
    this.outcome.textContent = TEXTS.outcome(this.bet && texts[this.bet], texts[truth], this.bet === truth);
  }

  drawTraining() {
    this.curves.hidden = !this.report;
    if (!this.report || !this.seen) return;
    const { runs, steps, epochs } = this.report;
    const names = this.names(), settings = networks(this.settings);
    const series = (make) => runs.map((run, second) => ({
      name: names[second], color: COLORS[settings[second].activation], second, ...make(run, second),
    }));
    const time = (title, y, made, reference) => panel({
      title, y, reference,
      series: made,
      label: TEXTS.curve(title, made),
      width: this.width(),
      x: counted(0, epochs),
      xLabel: TEXTS.epoch,
    });
    const losses = series((run, index) => ({
      values: this.losses[index],
      line: this.losses[index].map((loss, step) => [step / steps, loss]),
    }));
    const tests = series(({ tests }) => ({
      values: tests,
      points: tests.map((share, epoch) => [epoch, share]),
      line: tests.map((share, epoch) => [epoch, share]),
    }));
    const byLayer = (values) => values.map((value, index) => [index + 1, value]);
    const gradients = series(({ gradients }, index) => ({
      values: gradients, points: byLayer(gradients), line: byLayer(this.start[index]),
    }));
    const ratios = series(({ ratios }) => ({ values: ratios, points: byLayer(ratios) }));
    const depth = Math.max(...runs.map(({ gradients }) => gradients.length));
    const all = (made) => made.flatMap(({ points, line = [] }) => [...points, ...line].map(([, value]) => value));
    const highest = Math.min(5, Math.max(2.5, ...this.losses.flat().filter(Number.isFinite)));
    this.curves.innerHTML = [
      time(TEXTS.loss, straight(0, highest, [0, 1, 2, 3, 4, 5].filter((mark) => mark <= highest).map((mark) => [mark, String(mark)])), losses),
      time(TEXTS.accuracy, shares, tests, [0.1, TEXTS.chance]),
      this.layerPanel(TEXTS.gradient, depth, logarithmic(all(gradients), false), gradients),
      this.layerPanel(TEXTS.ratio, depth, logarithmic([...all(ratios), 1e-3], false), ratios, [1e-3, TEXTS.advised]),
    ].join("");
  }

  fail(error) {
    this.notes.replaceChildren(element("li", { textContent: TEXTS.fault }));
    console.error(error);
  }
}

const parts = ["before", "train", "share"].map((part) =>
  [part, document.getElementById(`laboratory-${part}`)]);
try {
  new Laboratory(Object.fromEntries(parts));
} catch (error) {
  parts[0][1].textContent = TEXTS.fault;
  console.error(error);
}
