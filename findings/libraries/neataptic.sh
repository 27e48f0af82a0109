#!/usr/bin/env bash
# What Neataptic 1.4.7 draws.
#
# Measured 2026-11-30 with neataptic 1.4.7, Node 20, Linux x86_64.
#
# Guess: synaptic's U(±0.1), whose child it is.
# Seen: so Perceptron, and all that is made of groups. new Network(n, m) cites an answer about He
# and writes U(0, 1) · n · √(2/n): n where it ought to say a normal. The weights are all positive,
# up to √(2n), and their mean square times n is 2n²/3: 43 691 at 256 inputs where He has 2.
source "$(dirname "$0")/room.sh"
node_packages neataptic@1.4.7

node - <<'JS' | "$python" "$here/measure.py"
const measure = require("measure.js");
measure.library("Neataptic", "1.4.7", 'const { Network, architect } = require("neataptic")');
measure.sizes.m = 32; // an object for each connection
const { n } = measure.sizes;
const { methods } = require("neataptic");

function parts(network) {
  const outputs = network.nodes.slice(n);
  for (const node of outputs) node.squash = methods.activation.IDENTITY;
  const weights = network.connections.map((connection) => connection.weight);
  const bias = outputs.map((node) => node.bias);
  return { weights, bias, run: (batch) => batch.map((x) => network.noTraceActivate(x)) };
}

const code = "const layer = new Network(n, m)";
const scaled = (variance) =>
  `${code}; const r = Math.sqrt(${variance} / n)` +
  "; for (const link of layer.connections) link.weight = r * (2 * Math.random() - 1)" +
  "; for (const node of layer.nodes) node.bias = 0";
const row = (role, code, stated, distribution = "uniform") =>
  measure.layer("dense", role, code, parts, n, stated, distribution);
row("default", code, (2 * n ** 2) / 3, "off-centre");
row("relu", scaled(6), 2);
row("tanh", scaled(3), 1);
const { architect } = require("neataptic");
const largest = Math.max(...new architect.Perceptron(n, 32, 1).connections.map((link) => Math.abs(link.weight)));
if (!(largest > 0.0999 && largest <= 0.1)) throw new Error(`Perceptron: up to ${largest}, not 0.1`);
JS
