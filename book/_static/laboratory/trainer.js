/** Training, as it is seen: a bet, the buttons, and the figures that move. */

import {
  COLORS, counted, layerPanel, logarithmic, panel, panelWidth, shares, straight,
} from "./charts.js";
import { Engine, button, element } from "./elements.js";
import { TEXTS } from "./texts.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const CHANCE = 0.1, ADVISED = 1e-3, HIGHEST_LOSS = 5;
/** Who wins a bet: from the accuracy of one network, or of two. */
const TRUTHS = [
  ([one]) => (one < 0.2 ? "chance" : one < 0.8 ? "half" : "learns"),
  ([one, other]) => (Math.abs(one - other) < 0.05 ? "same" : one > other ? "a" : "b"),
];

export class Trainer {
  constructor() {
    this.turn = 0;
    this.worker = null;
    this.bets = element("fieldset", { className: "bets" });
    this.run = button(TEXTS.train, () => this.toggle());
    this.stepper = button(TEXTS.step, () => this.step());
    this.restarter = button(TEXTS.restart, () => this.begin(this.networks, this.names));
    this.hint = element("span", { id: "lab-hint", textContent: TEXTS.betFirst });
    this.run.setAttribute("aria-describedby", "lab-hint");
    this.buttons = element("div", { className: "buttons" },
      this.run, this.stepper, this.restarter, this.hint);
    this.progress = element("p", { className: "reading", role: "status" });
    this.outcome = element("p", { className: "outcome", role: "status" });
    this.curves = element("div", { className: "panels" });
    this.legend = element("p", { className: "legend", textContent: TEXTS.startAndNow });
    this.nodes = [this.bets, this.buttons, this.progress, this.outcome, this.curves, this.legend];
    new ResizeObserver(() => this.draw()).observe(this.buttons);
  }

  /** The worker, which comes with the first training: it loads the digits once more. */
  get engine() {
    return (this.worker ??= new Engine((report) => this.show(report)));
  }

  /** Forget what was trained; these networks are next. */
  begin(networks, names) {
    if (this.report || this.running) this.engine.ask("pause");
    this.turn += 1; // what an earlier training still reports is not shown
    this.networks = networks;
    this.names = names;
    this.report = null;
    this.running = false;
    this.progress.textContent = this.outcome.textContent = "";
    this.askBet();
    this.draw();
  }

  // --- the bet

  askBet() {
    const kind = this.networks.length - 1;
    this.bet = undefined;
    const options = [...Object.entries(TEXTS.bets[kind]), [null, TEXTS.noBet]];
    const choose = (bet) => () => {
      this.bet = bet;
      this.allow();
    };
    this.bets.replaceChildren(
      element("legend", { textContent: TEXTS.bet[kind] }),
      ...options.map(([bet, text]) => element("label", {},
        element("input", { type: "radio", name: "lab-bet", onchange: choose(bet) }), ` ${text}`)));
    this.allow();
  }

  judge() {
    const kind = this.networks.length - 1, texts = TEXTS.bets[kind];
    // A network that has diverged answers at random.
    const truth = TRUTHS[kind](this.report.runs.map(({ tests }) => tests.at(-1) || CHANCE));
    this.outcome.textContent =
      TEXTS.outcome(this.bet && texts[this.bet], texts[truth], this.bet === truth);
  }

  // --- the buttons

  allow() {
    const chosen = this.bet !== undefined;
    this.run.disabled = this.stepper.disabled = !chosen || this.report?.done === true;
    this.restarter.disabled = !this.report;
    this.hint.hidden = chosen;
    this.bets.disabled = Boolean(this.report);
    this.run.textContent = this.running ? TEXTS.pause : this.report ? TEXTS.resume : TEXTS.train;
  }

  async toggle() {
    this.running = !this.running;
    this.allow();
    if (await this.prepare()) await this.engine.ask(this.running ? "run" : "pause");
  }

  async step() {
    this.running = false;
    if (await this.prepare()) this.show(await this.engine.ask("step"));
  }

  /** Have the networks made, if they are not; tell whether they are still wanted then. */
  async prepare() {
    const { turn, networks } = this;
    if (!this.report) {
      this.losses = networks.map(() => []);
      const report = await this.engine.ask("prepare", { networks, turn });
      this.start = report.runs.map(({ gradients }) => gradients);
      this.show(report);
    }
    return turn === this.turn;
  }

  // --- what is seen

  show(report) {
    if (report.turn !== this.turn) return;
    const epoch = Math.floor(report.step / report.steps);
    const moved = !this.report || epoch !== Math.floor(this.report.step / report.steps);
    report.runs.forEach(({ losses }, index) => this.losses[index].push(...losses));
    this.report = report;
    if (report.done) this.running = false;
    if (moved) this.tell(epoch);
    if (report.done) this.judge();
    if (moved || !still.matches) this.draw();
    this.allow();
  }

  tell(epoch) {
    const told = this.report.runs.map(({ tests }, index) =>
      ({ name: this.names[index], accuracy: tests.at(-1) }));
    const lost = told.filter(({ accuracy }) => Number.isNaN(accuracy));
    this.progress.textContent = [
      TEXTS.progress(epoch, this.report.epochs, told),
      ...lost.map(({ name }) => TEXTS.diverged(name)),
    ].join(" ");
  }

  draw() {
    this.curves.hidden = this.legend.hidden = !this.report;
    if (!this.report) return;
    const { runs, steps, epochs } = this.report;
    const width = panelWidth(this.buttons.clientWidth);
    const series = (make) => runs.map((run, second) => ({
      name: this.names[second],
      color: COLORS[this.networks[second].activation],
      second,
      ...make(run, second),
    }));
    const inTime = (title, y, made, reference) => panel({
      title, width, y, reference,
      series: made,
      label: TEXTS.curve(title, made),
      x: counted(0, epochs),
      xLabel: TEXTS.epoch,
    });
    const byLayer = (title, made, reference) => {
      const values = made.flatMap(({ points, line }) => [...points, ...line].map(([, y]) => y));
      const depth = Math.max(...made.map(({ points }) => points.length));
      const y = logarithmic([...values, ...(reference ?? []).slice(0, 1)], false);
      return layerPanel(title, width, depth, y, made, reference);
    };
    const layers = (values) => values.map((value, index) => [index + 1, value]);

    const highest = Math.min(HIGHEST_LOSS,
      Math.max(2.5, ...this.losses.flat().filter(Number.isFinite)));
    const marks = [0, 1, 2, 3, 4, 5].filter((mark) => mark <= highest);
    this.curves.innerHTML = [
      inTime(TEXTS.loss, straight(0, highest, marks.map((mark) => [mark, String(mark)])),
        series((_, index) => ({
          values: this.losses[index],
          points: [],
          line: this.losses[index].map((loss, step) => [step / steps, loss]),
        }))),
      inTime(TEXTS.accuracy, shares, series(({ tests }) => {
        const points = tests.map((share, epoch) => [epoch, share]);
        return { values: tests, points, line: points };
      }), [CHANCE, TEXTS.chance]),
      byLayer(TEXTS.gradient, series(({ gradients }, index) =>
        ({ values: gradients, points: layers(gradients), line: layers(this.start[index]) }))),
      byLayer(TEXTS.ratio, series(({ ratios }) =>
        ({ values: ratios, points: layers(ratios), line: [] })), [ADVISED, TEXTS.advised]),
    ].join("");
  }
}
