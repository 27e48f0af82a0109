#!/usr/bin/env bash
# What TensorFlow.js 4.22.0 draws.
#
# Measured 2026-11-30 with @tensorflow/tfjs 4.22.0 on its CPU backend, Node 20, Linux x86_64.
#
# Guess: what Keras draws: the names are Keras's, and so are the defaults.
# Seen: the names are. The default is glorotNormal, where Keras has glorot_uniform, and normals are
# truncated at two deviations without making good what that takes away: 0.77 for 1, 1.55 for 2.
# A GRU, guessed: Glorot's cut, 0.39, and an orthogonal matrix for three gates, 1/3; an LSTM: the
# same for four, and Keras's forget gate, at σ(1). Seen: the GRU is as guessed. The forget gate
# has no bias: unitForgetBias is true in Keras if one does not choose, and here it is not.
source "$(dirname "$0")/room.sh"
node_packages @tensorflow/tfjs@4.22.0

node - 2> >(grep -v -i -E "^$|node backend|tfjs-node|speed things|====|visit https" >&2) <<'JS' | "$python" "$here/measure.py"
console.warn = () => {};
console.log = () => {};
console.info = () => {};
const measure = require("measure.js");
const cell = 128; // an orthogonal kernel is drawn slowly, as it warns
measure.library("TensorFlow.js", "4.22.0", 'const tf = require("@tensorflow/tfjs")', { cell });
const tf = require("@tensorflow/tfjs");
const { n, c } = measure.sizes;
const left = 0.87962566 ** 2; // what truncation at two deviations leaves of a variance

const of = (...shape) => (layer) => {
  layer.build([null, ...shape]);
  const [kernel, bias] = layer.getWeights();
  const run = (batch) => {
    const y = layer.apply(tf.tensor(batch.flat(), [batch.length, ...shape]));
    const flat = y.dataSync();
    const size = flat.length / batch.length;
    return batch.map((_, i) => flat.slice(i * size, (i + 1) * size));
  };
  return { weights: kernel.dataSync(), bias: bias.dataSync(), run };
};

const row = (layer, role, options, shape, stated, distribution = "truncated") => {
  const count = shape.reduce((a, b) => a * b);
  const code = `const layer = tf.layers.${options}`;
  measure.layer(layer, role, code, of(...shape), count, stated, distribution);
};
const he = 'kernelInitializer: "heNormal"';
row("dense", "default", "dense({ units: m })", [n], left);
row("dense", "he", `dense({ units: m, ${he} })`, [n], 2 * left);
row("dense", "relu", 'dense({ units: m, kernelInitializer: "heUniform" })', [n], 2, "uniform");
row("dense", "tanh", 'dense({ units: m, kernelInitializer: "glorotUniform" })', [n], 1, "uniform");
const image = [5, 5, c];
const conv = "conv2d({ filters: c, kernelSize: 3";
row("conv", "default", `${conv} })`, image, left);
row("conv", "he", `${conv}, ${he} })`, image, 2 * left);
const depthwise = "depthwiseConv2d({ kernelSize: 3";
row("depthwise", "default", `${depthwise} })`, image, (left * 2) / (c + 1));
row("depthwise", "he", `${depthwise}, ${he.replace("kernel", "depthwise")} })`, image, (2 * left) / c);
const transposed = "conv2dTranspose({ filters: c / 2, kernelSize: 4, strides: 2";
row("transposed", "default", `${transposed} })`, image, left / 3);
row("transposed", "he", `${transposed}, ${he} })`, image, left);

// One orthogonal matrix for all gates.
const recurrent = (kind, states, input, more) => {
  const parts = (layer) => {
    layer.build([null, cell]);
    const [kernel, recurrent, bias] = layer.getWeights().map((weights) => weights.arraySync());
    const step = (...batches) => {
      const tensors = batches.slice(0, 1 + states).map((batch) => tf.tensor(batch));
      return layer.call(tensors, {}).at(-1).arraySync();
    };
    return { kernel, recurrent, biases: [bias, null], step };
  };
  const code = `const layer = tf.layers.${kind}Cell({ units: ${cell} })`;
  const stated = { stated: input, distribution: ["truncated", "orthogonal"] };
  measure.cell(kind, code, parts, cell, { ...stated, ...more });
};
recurrent("lstm", 2, [(left * 2) / 5, 1 / 4], { gate: 0.5 });
recurrent("gru", 1, [(left * 2) / 4, 1 / 3]);
const leaky = tf.layers.leakyReLU().apply(tf.tensor([-1])).dataSync()[0];
measure.slope("const layer = tf.layers.leakyReLU()", -leaky, 0.3);
JS
