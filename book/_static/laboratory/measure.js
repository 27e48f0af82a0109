/** What a network's layers show, in float64: lab.probe's statistics, and a histogram of h. */

import { steepest } from "./activations.js";
import { INPUTS } from "./network.js";

const BINS = 33;

/** Root of the mean square; squares of tiny numbers underflow in float32. */
export function rms(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum / values.length);
}

/**
 * Pass a batch through a network and back; return its hidden layers and the loss.
 *
 * Of each layer: rms of h, of delta and of the gradient of its weights; the share of dead units
 * (off for all samples) and of saturated values (slope below a tenth of the steepest).
 */
export function look(network, { x, y }, samples) {
  network.inputs.set(x.subarray(0, samples * INPUTS));
  network.forward(samples);
  const judged = network.judge(y, samples);
  network.backward(samples);
  return { ...judged, layers: network.hidden.map((layer) => statistics(network, layer, samples)) };
}

function statistics({ activation }, { z, h, delta, gradient, fanIn, columns }, samples) {
  const count = samples * columns;
  return {
    h: rms(h.subarray(0, count)),
    delta: rms(delta.subarray(0, count)),
    gradient: rms(gradient.subarray(0, fanIn * columns)) / samples,
    dead: activation.offSide ? dead(z, columns, count) : 0,
    saturated: saturated(z, count, activation),
  };
}

function dead(z, columns, count) {
  let off = 0;
  for (let unit = 0; unit < columns; unit++) {
    let place = unit;
    while (place < count && z[place] <= 0) place += columns;
    off += place >= count ? 1 : 0;
  }
  return off / columns;
}

/** The share of values where the slope is small: one in four of them is looked at. */
function saturated(z, count, activation) {
  const { slope } = activation, flat = 0.1 * steepestOf(activation);
  let found = 0, seen = 0;
  for (let i = 0; i < count; i += 4, seen++) if (Math.abs(slope(z[i])) < flat) found++;
  return found / seen;
}

const known = new Map();
function steepestOf(activation) {
  if (!known.has(activation)) known.set(activation, steepest(activation));
  return known.get(activation);
}

/** How many values of each layer's h (one in four) lie in each of BINS from −reach to reach. */
export function histograms(network, samples) {
  const sizes = network.hidden.map(({ h, columns }) => rms(h.subarray(0, samples * columns)));
  const largest = Math.max(...sizes);
  const reach = Number.isFinite(largest) && largest > 0 ? 3 * largest : 1;
  const layers = network.hidden.map(({ h, columns }) => {
    const counts = new Array(BINS).fill(0);
    for (let i = 0; i < samples * columns; i += 4) {
      const bin = Math.round(((h[i] / reach + 1) / 2) * (BINS - 1));
      if (bin >= 0 && bin < BINS) counts[bin]++;
    }
    return counts;
  });
  return { reach, layers };
}
