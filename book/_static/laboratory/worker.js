/** Does the arithmetic apart from the page, which never waits for it. */

import { load } from "./digits.js";
import { histograms, look } from "./measure.js";
import { Network } from "./network.js";
import { PACKED } from "./packed.js";
import { predict } from "./theory.js";
import { Training } from "./training.js";

const SAMPLES = 128, FEW = 32;
const SLICE = 30; // milliseconds of training between two looks at what the page wants
const digits = load(PACKED);
let training = null, running = false;

/** The networks of the last look, which are kept while only their weights change. */
const kept = new Map();

function networkFor({ depth, width, activation, initializer, seed, bias }, place, samples) {
  const shape = [depth, width].join(), weights = [initializer, seed, bias].join();
  if (kept.get(place)?.shape !== shape) {
    const network = new Network({ depth, width, activation }, samples);
    kept.set(place, { shape, network });
  }
  const found = kept.get(place);
  if (found.weights !== weights) found.network.draw(initializer, seed, bias);
  found.weights = weights;
  found.network.use(activation);
  return found.network;
}

const ANSWERS = {
  async probe({ networks }) {
    const { train } = await digits;
    return networks.map((settings, place) => {
      const network = networkFor(settings, place, SAMPLES);
      const seen = look(network, train, SAMPLES);
      return { ...seen, histogram: histograms(network, SAMPLES), theory: predict(settings) };
    });
  },

  async pair({ settings }) {
    const { train } = await digits;
    const network = networkFor(settings, "pair", FEW);
    return look(network, train, FEW).layers.map(({ h, delta }) => ({ h, delta }));
  },

  async prepare({ networks, turn }) {
    running = false;
    training = new Training(networks, await digits, turn);
    return training.report();
  },

  async step() {
    running = false;
    training.advance(true);
    return training.report();
  },

  async run() {
    if (!running) setTimeout(train);
    running = true;
  },

  async pause() {
    running = false;
  },
};

function train() {
  if (!running || !training) return;
  const end = performance.now() + SLICE;
  while (!training.done && performance.now() < end) training.advance(false);
  if (!training.done) training.advance(true);
  running = !training.done;
  postMessage({ answer: training.report() });
  setTimeout(train);
}

self.onmessage = async ({ data: { id, what, ...question } }) => {
  try {
    postMessage({ id, answer: await ANSWERS[what](question) });
  } catch (error) {
    postMessage({ id, fault: String(error) });
  }
};
