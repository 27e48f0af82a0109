/** Does the arithmetic apart from the page, which never waits for it. */

import { load } from "./digits.js";
import { histograms, look } from "./measure.js";
import { Network } from "./network.js";
import { predict } from "./theory.js";
import { Training } from "./training.js";

const SAMPLES = 128, FEW = 32;
const SLICE = 30; // milliseconds of training between two looks at what the page wants
const digits = load();
let training = null, running = false;

/** The networks of the last look are kept while only their weights change. */
const kept = new Map();
function networkFor(settings, place) {
  const { depth, width, activation, initializer, seed, bias } = settings;
  const shape = `${depth} ${width} ${activation}`, drawn = `${initializer} ${seed} ${bias}`;
  let found = kept.get(place);
  if (found?.shape !== shape) kept.set(place, (found = { shape, network: new Network({ depth, width, activation }, SAMPLES) }));
  if (found.drawn !== drawn) found.network.draw(initializer, seed, bias);
  found.drawn = drawn;
  return found.network;
}

const ANSWERS = {
  async probe({ networks }) {
    const { train } = await digits;
    return networks.map((settings, place) => {
      const network = networkFor(settings, place);
      const seen = look(network, train, SAMPLES);
      return { ...seen, histogram: histograms(network, SAMPLES), theory: predict(settings) };
    });
  },

  async pair({ settings }) {
    const { train } = await digits;
    const network = networkFor(settings, "pair");
    return look(network, train, FEW).layers.map(({ h, delta }) => ({ h, delta }));
  },

  async prepare({ networks }) {
    running = false;
    training = new Training(networks, await digits);
    return training.report();
  },

  async step() {
    running = false;
    training.advance(true);
    return training.report();
  },

  async run() {
    running = true;
    train();
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
  postMessage({ what: "progress", answer: training.report() });
  setTimeout(train);
}

self.onmessage = async ({ data: { id, what, ...question } }) => {
  try {
    postMessage({ id, what, answer: await ANSWERS[what](question) });
  } catch (error) {
    postMessage({ id, what, fault: String(error) });
  }
};
