/** What should come out: lab.theory's prediction of a whole network, layer by layer. */

import { ACTIVATIONS } from "./activations.js";
import { INITIALIZERS, initializer } from "./initializers.js";
import { CLASSES, INPUTS } from "./network.js";

/** Nodes and weights of Gauss and Legendre between −1 and 1. */
function legendre(points) {
  return Array.from({ length: points }, (_, index) => {
    let x = Math.cos((Math.PI * (index + 0.75)) / (points + 0.5));
    for (let pass = 0; ; pass++) {
      let [before, here] = [1, x];
      for (let n = 2; n <= points; n++)
        [before, here] = [here, ((2 * n - 1) * x * here - (n - 1) * before) / n];
      const slope = (points * (x * here - before)) / (x * x - 1);
      if (pass === 8) return [x, 2 / ((1 - x * x) * slope * slope)];
      x -= here / slope;
    }
  });
}

const REACH = 12;
const NODES = legendre(80).map(([x, weight]) => [((x + 1) * REACH) / 2, (weight * REACH) / 2]);
const density = (u) => Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI);

/** E[f(z)²] of a normal z; the rule is split where z = 0, where ReLU and others have a corner. */
function meanSquare(f, mean, variance) {
  const deviation = Math.sqrt(variance);
  if (deviation === 0) return f(mean) ** 2;
  const corner = Math.max(-REACH, Math.min(REACH, -mean / deviation));
  let sum = 0;
  for (const [length, side] of [[REACH + corner, -1], [REACH - corner, 1]])
    for (const [node, weight] of NODES) {
      const u = corner + (side * node * length) / REACH;
      sum += ((weight * length) / REACH) * density(u) * f(mean + deviation * u) ** 2;
    }
  return sum;
}

/**
 * Predicted rms values of layers 1…depth: {h, delta}.
 *
 * Forward from inputs of mean square 1; backward from a head that still answers all classes
 * alike. Weights that are all equal do not average out, and theory is silent about them: NaN.
 * A bias is a mean of z that all units share.
 */
export function predict({ activation, initializer: name, depth, width, bias }) {
  const { value, slope } = ACTIVATIONS[activation];
  const [{ variance }, argument] = initializer(name);
  if (name.startsWith("constant") && argument !== 0) {
    const silent = new Array(depth).fill(NaN);
    return { h: silent, delta: silent };
  }
  const sigmas = Array.from({ length: depth }, (_, layer) => {
    const fanIn = layer ? width : INPUTS;
    return fanIn * variance(fanIn, width, argument);
  });
  const q = [], moments = [], deltas = [];
  for (let layer = 0; layer < depth; layer++) {
    q.push(sigmas[layer] * (layer ? moments[layer - 1] : 1));
    moments.push(meanSquare(value, bias, q[layer]));
  }
  let back = INITIALIZERS.glorot_uniform.variance(width, CLASSES) * (1 - 1 / CLASSES);
  for (let layer = depth - 1; layer >= 0; layer--) {
    deltas.unshift(back * meanSquare(slope, bias, Math.max(q[layer], 1e-300)));
    back = width * variance(width, width, argument) * deltas[0];
  }
  return { h: moments.map(Math.sqrt), delta: deltas.map(Math.sqrt) };
}
