#!/usr/bin/env bash
# brain.js's "leaky-relu" is 0 below zero, and a hundredth of its input above.
#
# Seen 2026-11-30 with brain.js 1.6.1 (npm's "latest"), Node 20.
#
# Guess: leakyReluAlpha, 0.01 by default, is the slope of the negative side, as everywhere; z above.
# Seen: the two branches are exchanged and one of them is lost: z < 0 ? 0 : 0.01 z. That is ReLU
# with each layer divided by 100: of three layers a millionth of the signal is left, and of its
# gradient, and on the negative side there is none, which is what a leak is for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-fund --no-audit --ignore-scripts --prefix "$folder" brain.js@1.6.1

NODE_PATH="$folder/node_modules" node - <<'JS'
const assert = require("node:assert");
const { NeuralNetwork } = require("brain.js");

const network = new NeuralNetwork({ activation: "leaky-relu" });
network.sizes = [1, 1];
network.initialize();
network.weights[1][0][0] = 1;
network.biases[1][0] = 0;
const answers = [-1, 1].map((z) => network.runInput([z])[0].toFixed(6) * 1);
console.log(`leaky-relu of −1 and 1: ${answers}`);
assert.deepStrictEqual(answers, [0, 0.01]);
JS
echo "as found: it does not leak, and divides what it lets through by 100"
