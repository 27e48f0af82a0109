#!/usr/bin/env bash
# What synaptic 1.1.4 draws.
#
# Measured 2026-11-30 with synaptic 1.1.4, Node 20, Linux x86_64.
#
# Guess: U(±0.1) whatever the width, as JavaScript's oldest networks do.
# Seen: so it is, weights and biases: 0.85 at 256 inputs, 0.03 at 10. What size of layer it suits
# is decided by chance, not by the layer.
source "$(dirname "$0")/room.sh"
node_packages synaptic@1.1.4

node - <<'JS' | "$python" "$here/measure.py"
const measure = require("measure.js");
measure.library("synaptic", "1.1.4", 'const { Layer, Network, Neuron } = require("synaptic")');
measure.sizes.m = 32; // it keeps what learning needs, for each connection, and takes its time
const { n } = measure.sizes;
const { Neuron } = require("synaptic");

function parts([input, output]) {
  for (const neuron of output.list) neuron.squash = Neuron.squash.IDENTITY;
  const weights = input.connectedTo[0].list.map((connection) => connection.weight);
  const bias = output.list.map((neuron) => neuron.bias);
  const run = (batch) => batch.map((x) => (input.activate(x), output.activate()));
  return { weights, bias, run };
}

const code = "const layer = [new Layer(n), new Layer(m)]; layer[0].project(layer[1])";
const scaled = (variance) =>
  `${code}; const r = Math.sqrt(${variance} / n)` +
  "; for (const w of layer[0].connectedTo[0].list) w.weight = r * (2 * Math.random() - 1)" +
  "; for (const unit of layer[1].list) unit.bias = 0";
const row = (role, code, stated) => measure.layer("dense", role, code, parts, n, stated, "uniform");
row("default", code, (n * 0.1 ** 2) / 3);
row("relu", scaled(6), 2);
row("tanh", scaled(3), 1);
JS
