// Reads networks with their weights and data; prints what the page's engine makes of them.
import { readFileSync } from "node:fs";
import { CLASSES, INPUTS, Network } from "../../book/_static/laboratory/network.js";

const floats = (text) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
const text = (values) => Buffer.from(new Uint8Array(new Float32Array(values).buffer)).toString("base64");

/** The columns of an array that belong to units, without those that fill up its rows. */
function unpadded(array, { columns, units }, rows) {
  return Float32Array.from({ length: rows * units }, (_, i) =>
    array[Math.floor(i / units) * columns + (i % units)]);
}

function withWeights({ settings, capacity, weights }) {
  const network = new Network(settings, capacity);
  for (const [index, layer] of network.layers.entries()) {
    const [kernel, bias] = weights[index].map(floats);
    for (let i = 0; i < kernel.length; i++)
      layer.kernel[Math.floor(i / layer.units) * layer.columns + (i % layer.units)] = kernel[i];
    layer.bias.set(bias);
  }
  return network;
}

function look({ x, y, ...given }) {
  const network = withWeights(given), samples = y.length;
  network.inputs.set(floats(x));
  network.forward(samples);
  const judged = network.judge(y, samples);
  network.backward(samples);
  const all = (name, rows) => network.layers.map((layer) =>
    text(unpadded(layer[name], layer, rows ?? layer.fanIn)));
  return { ...judged, z: all("z", samples), h: all("h", samples), delta: all("delta", samples),
    gradient: all("gradient") };
}

function train({ x, y, batches, rate, momentum, ...given }) {
  const network = withWeights(given), images = floats(x);
  const losses = batches.map((batch) => {
    batch.forEach((image, row) =>
      network.inputs.set(images.subarray(INPUTS * image, INPUTS * (image + 1)), INPUTS * row));
    network.forward(batch.length);
    const { loss } = network.judge(batch.map((image) => y[image]), batch.length);
    network.backward(batch.length);
    network.step(rate, momentum, batch.length);
    return loss;
  });
  const kernels = network.layers.map((layer) => text(unpadded(layer.kernel, layer, layer.fanIn)));
  return { losses, kernels };
}

const questions = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answers = questions.map((question) => ({ look, train })[question.what](question));
process.stdout.write(JSON.stringify(answers));
