/** The initializers of lab.catalog, with Keras's distributions. */

import { Random } from "./random.js";

// A normal distribution cut at two deviations has 0.8796… of the deviation, which Keras corrects.
const TRUNCATED = 0.87962566103423978;

const uniform = (variance) => (values, fanIn, fanOut, random) => {
  const limit = Math.sqrt(3 * variance(fanIn, fanOut));
  for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.uniform() - 1);
};
const truncated = (variance) => (values, fanIn, fanOut, random) =>
  random.normal(values, Math.sqrt(variance(fanIn, fanOut)) / TRUNCATED, 2);

const glorot = (fanIn, fanOut) => 2 / (fanIn + fanOut);
const he = (fanIn) => 2 / fanIn;
const lecun = (fanIn) => 1 / fanIn;

/**
 * Orthogonal columns (rows, if there are fewer of them) of a matrix of normal numbers.
 *
 * Gram and Schmidt's, which gives Q the signs that make R's diagonal positive, as Keras has it.
 */
function orthogonal(values, fanIn, fanOut, random, gain) {
  const size = Math.max(fanIn, fanOut), count = Math.min(fanIn, fanOut);
  const rows = Array.from({ length: count }, () => new Float64Array(size));
  for (const [index, row] of rows.entries()) {
    random.normal(row, 1);
    for (let other = 0; other < index; other++) remove(row, rows[other]);
    const norm = Math.sqrt(dot(row, row));
    for (let i = 0; i < size; i++) row[i] /= norm;
  }
  for (let i = 0; i < fanIn; i++)
    for (let j = 0; j < fanOut; j++)
      values[i * fanOut + j] = gain * (fanIn < fanOut ? rows[i][j] : rows[j][i]);
}

function dot(one, other) {
  let a = 0, b = 0, c = 0, d = 0;
  for (let i = 0; i < one.length; i += 4) {
    a += one[i] * other[i];
    b += one[i + 1] * other[i + 1];
    c += one[i + 2] * other[i + 2];
    d += one[i + 3] * other[i + 3];
  }
  return a + b + c + d;
}

function remove(row, direction) {
  const part = dot(row, direction);
  for (let i = 0; i < row.length; i++) row[i] -= part * direction[i];
}

/**
 * Name → how it fills the weights (fanIn × fanOut, row by row), and their variance.
 *
 * `value` is that of the one argument that a name may carry, as in "random_normal:0.05".
 */
export const INITIALIZERS = {
  glorot_uniform: { fill: uniform(glorot), variance: glorot },
  glorot_normal: { fill: truncated(glorot), variance: glorot },
  he_normal: { fill: truncated(he), variance: he },
  he_uniform: { fill: uniform(he), variance: he },
  lecun_normal: { fill: truncated(lecun), variance: lecun },
  orthogonal: {
    value: 1,
    fill: orthogonal,
    variance: (fanIn, fanOut, gain) => gain ** 2 / Math.max(fanIn, fanOut),
  },
  random_normal: {
    value: 0.05,
    fill: (values, fanIn, fanOut, random, deviation) => random.normal(values, deviation),
    variance: (fanIn, fanOut, deviation) => deviation ** 2,
  },
  constant: {
    value: 0.05,
    fill: (values, fanIn, fanOut, random, value) => values.fill(value),
    variance: () => 0,
  },
  zeros: { fill: (values) => values.fill(0), variance: () => 0 },
};

const kept = new Map();
const MOST = 8e6; // numbers kept, 32 MB

/**
 * The weights of one layer (fanIn × fanOut, row by row) from "name" or "name:value".
 *
 * The last ones are kept: what moves a slider changes few layers, and the same weights serve all
 * activations.
 */
export function draw(text, seed, layer, fanIn, fanOut) {
  const key = [text, seed, layer, fanIn, fanOut].join();
  if (!kept.has(key)) {
    const size = [...kept.values()].reduce((sum, { length }) => sum + length, fanIn * fanOut);
    if (size > MOST) kept.clear();
    const values = new Float32Array(fanIn * fanOut), [{ fill }, value] = initializer(text);
    fill(values, fanIn, fanOut, new Random(seed, layer), value);
    kept.set(key, values);
  }
  return kept.get(key);
}

/** The initializer of "name" or "name:value", and the value. */
export function initializer(text) {
  const [name, value] = text.split(":");
  const found = INITIALIZERS[name];
  return [found, value === undefined ? found.value : Number(value)];
}
