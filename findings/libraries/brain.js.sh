#!/usr/bin/env bash
# What brain.js 1.6.1 draws.
#
# Measured 2026-11-30 with brain.js 1.6.1, Node 20, Linux x86_64.
#
# Guess: something with √n: it is the best known network of JavaScript, and still used.
# Seen: U(±0.2) whatever the width, biases too: 3.4 at 256 inputs, 0.13 at 10. There is no option.
# Its leaky ReLU does not leak (../brainjs_leaky_relu_does_not_leak.sh): slope 0.
# A GRU, guessed and seen: U(±0.08), 0.55 at 256, biases 0; its network beside it has other bounds.
source "$(dirname "$0")/room.sh"
node_packages --ignore-scripts brain.js@1.6.1

node - <<'JS' | "$python" "$here/measure.py"
const measure = require("measure.js");
measure.library("brain.js", "1.6.1", 'const brain = require("brain.js")');
const { n } = measure.sizes;

// relu(z) − relu(−z) = z, and −z is what the layer sums with all signs turned.
function parts(network) {
  const { weights: [, weights], biases: [, bias] } = network;
  const turn = (list) => list.forEach((value, i) => (list[i] = -value));
  network.runInput = network._runInputRelu;
  const run = (batch) => {
    const above = batch.map((x) => [...network.runInput(x)]);
    [...weights, bias].forEach(turn);
    const below = batch.map((x) => [...network.runInput(x)]);
    [...weights, bias].forEach(turn);
    return above.map((row, i) => row.map((value, j) => value - below[i][j]));
  };
  return { weights: weights.flatMap((row) => [...row]), bias: [...bias], run };
}

const code = "const layer = new brain.NeuralNetwork(); layer.sizes = [n, m]; layer.initialize()";
const scaled = (variance) =>
  `${code}; const r = Math.sqrt(${variance} / n)` +
  "; for (const row of layer.weights[1]) row.forEach((_, i) => (row[i] = r * (2 * Math.random() - 1)))" +
  "; layer.biases[1].fill(0)";
const row = (role, code, stated) =>
  measure.layer("dense", role, code, parts, n, stated, "uniform");
row("default", code, (n * 0.2 ** 2) / 3);
row("relu", scaled(6), 2);
row("tanh", scaled(3), 1);

function cell(network) {
  const Matrix = require("brain.js/dist/recurrent/matrix").default;
  const Equation = require("brain.js/dist/recurrent/matrix/equation").default;
  const [model] = network.model.hiddenLayers;
  const [input, state, equation] = [new Matrix(n, 1), new Matrix(n, 1), new Equation()];
  network.getEquation(equation, input, state, model);
  const step = (xs, hs) =>
    xs.map((x, i) => {
      [input.weights, state.weights] = [x, hs[i]];
      return [...equation.runInput(0).weights];
    });
  const gates = ["updateGate", "resetGate", "cellWrite"];
  const rows = (name) =>
    gates.flatMap((gate) => Array.from({ length: n }, (_, i) => [...model[gate + name].weights].slice(i * n, i * n + n)));
  const bias = gates.flatMap((gate) => [...model[`${gate}Bias`].weights]);
  return { kernel: rows("InputMatrix"), recurrent: rows("HiddenMatrix"), biases: [bias, null], step };
}

const gru = "const layer = new brain.recurrent.GRU({ inputSize: n, hiddenLayers: [n] }); layer.initialize()";
const small = (n * 0.08 ** 2) / 3;
measure.cell("gru", gru, cell, n, { stated: [small, small], distribution: ["uniform", "uniform"] });
const leaky = new (require("brain.js").NeuralNetwork)({ activation: "leaky-relu" });
leaky.sizes = [1, 1];
leaky.initialize();
leaky.weights[1][0][0] = 1;
leaky.biases[1][0] = 0;
measure.slope('const layer = new brain.NeuralNetwork({ activation: "leaky-relu" })', -leaky.runInput([-1])[0], 0);
JS
