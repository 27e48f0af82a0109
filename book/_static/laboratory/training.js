/** Train one network, or two side by side on the same images, step by step. */

import { look, rms } from "./measure.js";
import { INPUTS, Network } from "./network.js";
import { Random } from "./random.js";

const BATCH = 64;
const MOMENTUM = 0.9;
const ORDER = 0xda7a; // of the samples: a stream of its own

export class Training {
  /**
   * @param {any[]} networks settings of one or two
   * @param digits what `digits.load` gives
   * @param {number} turn comes back in the reports
   */
  constructor(networks, digits, turn = 0) {
    this.digits = digits;
    this.turn = turn;
    this.epochs = networks[0].epochs;
    this.steps = Math.floor(digits.train.y.length / BATCH); // of an epoch
    this.step = 0;
    this.order = new Random(networks[0].seed, ORDER);
    this.runs = networks.map((settings) => {
      const network = new Network(settings, BATCH);
      network.draw(settings.initializer, settings.seed, settings.bias);
      return { settings, network, losses: [], tests: [], gradients: [], ratios: [] };
    });
    for (const run of this.runs) {
      run.gradients = look(run.network, digits.train, BATCH).layers.map(({ gradient }) => gradient);
      run.tests.push(this.test(run.network));
    }
  }

  get done() { return this.step >= this.steps * this.epochs; }

  /** Take a step of each network; with `note`, see how far the weights of each layer move. */
  advance(note) {
    const within = this.step % this.steps;
    if (within === 0) this.shuffled = this.order.permutation(this.digits.train.y.length);
    const chosen = this.shuffled.subarray(within * BATCH, (within + 1) * BATCH);
    const labels = chosen.map((image) => this.digits.train.y[image]);
    this.step += 1;
    const ended = this.step % this.steps === 0;
    for (const run of this.runs) {
      const { network, settings } = run;
      fill(network, this.digits.train.x, chosen);
      network.forward(BATCH);
      run.losses.push(network.judge(labels, BATCH).loss);
      network.backward(BATCH);
      const before = note && network.hidden.map(({ kernel }) => kernel.slice());
      network.step(settings.rate, MOMENTUM, BATCH);
      if (note)
        network.hidden.forEach(({ kernel, gradient, fanIn, columns }, layer) => {
          run.gradients[layer] = rms(gradient.subarray(0, fanIn * columns)) / BATCH;
          const size = rms(before[layer]);
          for (let i = 0; i < kernel.length; i++) before[layer][i] -= kernel[i];
          run.ratios[layer] = rms(before[layer]) / size;
        });
      if (ended) run.tests.push(this.test(network));
    }
  }

  /** The share of test images that a network gets right; NaN once it has diverged. */
  test(network) {
    const { x, y } = this.digits.test;
    let hits = 0, loss = 0;
    for (let start = 0; start < y.length; start += BATCH) {
      const part = y.subarray(start, start + BATCH);
      network.inputs.set(x.subarray(start * INPUTS, (start + part.length) * INPUTS));
      network.forward(part.length);
      const judged = network.judge(part, part.length);
      hits += judged.accuracy * part.length;
      loss += judged.loss;
    }
    return Number.isFinite(loss) ? hits / y.length : NaN;
  }

  /** What the page draws; of the losses only those since the last report. */
  report() {
    return {
      turn: this.turn,
      step: this.step,
      steps: this.steps,
      epochs: this.epochs,
      done: this.done,
      runs: this.runs.map(({ losses, tests, gradients, ratios }) => ({
        losses: losses.splice(0), tests: [...tests], gradients: [...gradients], ratios: [...ratios],
      })),
    };
  }
}

function fill(network, x, chosen) {
  chosen.forEach((image, row) =>
    network.inputs.set(x.subarray(INPUTS * image, INPUTS * (image + 1)), INPUTS * row));
}
