#!/usr/bin/env bash
# What brain.js 1.6.1 draws.
#
# Measured 2026-11-30 with brain.js 1.6.1, Node 20, Linux x86_64.
#
# Guess: something with √n: it is the best known network of JavaScript, and still used.
# Seen: U(±0.2) whatever the width, biases too: 3.4 at 256 inputs, 0.13 at 10. There is no option.
# Its leaky ReLU does not leak (../brainjs_leaky_relu_does_not_leak.sh): slope 0.
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
const leaky = new (require("brain.js").NeuralNetwork)({ activation: "leaky-relu" });
leaky.sizes = [1, 1];
leaky.initialize();
leaky.weights[1][0][0] = 1;
leaky.biases[1][0] = 0;
measure.slope('const layer = new brain.NeuralNetwork({ activation: "leaky-relu" })', -leaky.runInput([-1])[0], 0);
JS
