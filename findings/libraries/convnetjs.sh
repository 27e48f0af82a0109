#!/usr/bin/env bash
# What ConvNetJS 0.3.0 draws.
#
# Measured 2026-11-30 with convnetjs 0.3.0, Node 20, Linux x86_64.
#
# Guess: normal, of deviation 0.01, as its author's course had it in those years.
# Seen: normal of deviation √(1/n), LeCun's 1, in 2014, and counted right in a convolution. A layer
# that is told "relu" draws the same, and a bias of 0.1.
source "$(dirname "$0")/room.sh"
node_packages convnetjs@0.3.0

node - <<'JS' | "$python" "$here/measure.py"
const measure = require("measure.js");
measure.library("ConvNetJS", "0.3.0", 'const convnetjs = require("convnetjs")');
const { Vol } = require("convnetjs");
const { n, c } = measure.sizes;

const of = (x, y, depth) => (layer) => ({
  weights: layer.filters.flatMap((filter) => [...filter.w]),
  bias: layer.biases.w,
  run: (batch) =>
    batch.map((values) => {
      const volume = new Vol(x, y, depth, 0);
      values.forEach((value, i) => (volume.w[i] = value));
      return layer.forward(volume, false).w;
    }),
});

const dense = "new convnetjs.FullyConnLayer({ in_sx: 1, in_sy: 1, in_depth: n, num_neurons: m";
const row = (layer, role, code, parts, inputs, stated) =>
  measure.layer(layer, role, code, parts, inputs, stated, "normal");
const flat = of(1, 1, n);
row("dense", "default", `const layer = ${dense} })`, flat, n, 1);
const relu = "; for (const unit of layer.filters) unit.w.forEach((w, i) => (unit.w[i] = w * Math.SQRT2))";
row("dense", "relu", `const layer = ${dense} })${relu}`, flat, n, 2);
row("dense", "tanh", `const layer = ${dense} })`, flat, n, 1);
const conv = "new convnetjs.ConvLayer({ in_sx: 5, in_sy: 5, in_depth: c, sx: 3, filters: c";
row("conv", "default", `const layer = ${conv} })`, of(5, 5, c), 25 * c, 1);
JS
