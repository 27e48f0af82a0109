// Pushes signals through the layers of a library of JavaScript and prints them for measure.py:
// a JSON object of what the library is, then one for each layer, a line each.

"use strict";

const sizes = { n: 256, m: 256, c: 32, d: 512, h: 8, v: 1000 };
const [BATCH, WEIGHTS] = [256, 60000]; // as in measure.py, or nearly
const print = (object) => require("fs").writeSync(1, JSON.stringify(object) + "\n");
let imports = "";

/**
 * Say what the library is; `line` is what the code of the rows needs, as a reader types it;
 * `more`: how large a recurrent `cell` is, if not `n`.
 */
function library(name, version, line, more = {}) {
  imports = line;
  print({ name, version, imports: line, language: "javascript", ...more });
}

/** Run the code of a row, and return the layer that it makes. */
function make(code, more = {}) {
  const { n, m, c, d, h, v } = { ...sizes, ...more };
  return eval(`(() => { ${imports}; ${code}; return layer; })()`);
}

/**
 * Measure a linear layer. `parts(layer)` returns { weights, bias, run } as flat lists; `run` takes
 * a list of flat inputs, of `inputs` numbers each, and returns a list of flat outputs.
 */
function layer(layer, role, code, parts, inputs, stated, distribution) {
  const { weights, bias, run } = parts(make(code));
  const drawn = [[...weights]];
  while (drawn.length * drawn[0].length < WEIGHTS) drawn.push([...parts(make(code)).weights]);
  const wide = layer === "dense" && role === "relu" ? [...parts(make(code, { m: 2 * sizes.m })).weights] : null;
  const zero = Array(inputs).fill(0);
  const hots = zero.map((_, i) => zero.map((_, j) => Number(i === j)));
  const x = Array.from({ length: BATCH }, () => zero.map(normal));
  const signals = [[zero], hots, x].map((batch) => run(batch).map((out) => [...out]));
  print({
    ...{ layer, role, code, stated, distribution, drawn, wide, bias: bias ? [...bias] : null },
    ...{ zero: signals[0], hots: signals[1], x, y: signals[2] },
  });
}

/**
 * Measure a recurrent cell of `kind` "lstm" or "gru", of `size` inputs and units. `parts(layer)`
 * returns { kernel, recurrent, biases, step }: rows of weights, a pair of biases, and
 * step(xs, hs, cs) → the next states, c of an LSTM. `more`: what is stated, as measure.py has it.
 */
function cell(kind, code, parts, size, more) {
  const { step, ...weights } = parts(make(code));
  const some = (make) => Array.from({ length: BATCH }, () => Array.from({ length: size }, make));
  const zero = some(() => 0);
  const [x, h] = [0, 1].map(() => some(() => normal() / 100));
  const answers = { rest: step(zero, zero, zero), by_x: step(x, zero, zero), by_h: step(zero, h, zero) };
  if (kind === "lstm") answers.by_c = step(zero, zero, some(() => 1e4));
  print({ kind, role: "default", code, ...weights, x, h, ...answers, ...more });
}

/** Tell the slope of the leaky ReLU. */
const slope = (code, value, stated) => print({ kind: "slope", code, value, stated });

// Our own numbers, the same at each run; a library draws with Math.random.
let state = 1;
function uniform() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 2 ** 32;
}
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

module.exports = { library, layer, cell, make, slope, print, sizes, normal };
