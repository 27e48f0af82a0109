/** THE network of the book: dense layers, one activation, a softmax head; float32 throughout. */

import { ACTIVATIONS } from "./activations.js";
import { draw } from "./initializers.js";
import { OWN, SPARSE_COLUMNS, instantiate } from "./kernels.js";

export const INPUTS = 64;
export const CLASSES = 10;
const HEAD = "glorot_uniform";
const upTo = (number, multiple) => Math.ceil(number / multiple) * multiple;

/**
 * The rules of Keras's optimizers. `slots`: numbers kept for each weight; `step` takes the
 * addresses of weights, slots and gradient, their count, the settings, and which step it is.
 */
const OPTIMIZERS = {
  sgd: {
    slots: 1,
    step: (kernels, [w, v, g], count, { rate, momentum, scale }) =>
      kernels.sgd(w, v, g, count, rate, momentum, scale),
  },
  adam: {
    slots: 2,
    step(kernels, [w, m, s, g], count, { rate, momentum, scale, step }) {
      const corrected = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - momentum ** step);
      kernels.adam(w, m, s, g, count, corrected, 1 - momentum, 1 - 0.999, 1e-7, scale);
    },
  },
};

export class Network {
  /**
   * @param {{activation: string, depth: number, width: number, optimizer?: string}} settings
   *   width: a multiple of 8; without an optimizer it cannot be trained
   * @param {number} capacity the most samples of a pass, a multiple of 4
   */
  constructor({ activation, depth, width, optimizer }, capacity) {
    this.use(activation);
    this.optimizer = OPTIMIZERS[optimizer];
    this.depth = depth;
    this.width = width;
    this.capacity = capacity;
    this.steps = 0;

    // Places in the memory of the kernels, which comes when its size is known
    let used = OWN;
    const reserve = (count) => {
      const place = used;
      used += upTo(count, 8);
      return place;
    };
    const slots = (this.optimizer?.slots ?? 0) + 1; // and the gradient
    const inputs = reserve(capacity * INPUTS);
    const plans = Array.from({ length: depth + 1 }, (_, index) => {
      const fanIn = index ? width : INPUTS;
      const head = index === depth;
      const units = head ? CLASSES : width, columns = upTo(units, 8);
      // Weights and biases lie together: an optimizer goes through both at once.
      const count = (fanIn + 1) * columns;
      const [weights, ...rest] = Array.from({ length: slots + 1 }, () => reserve(count));
      const [z, delta] = [reserve(capacity * columns), reserve(capacity * columns)];
      const h = head ? z : reserve(capacity * columns);
      return { fanIn, units, columns, count, weights, rest, z, h, delta };
    });
    const widest = Math.max(width, INPUTS), most = Math.max(widest, capacity);
    const scratch = reserve(SPARSE_COLUMNS * most + (2 * capacity + 1) * widest + most);
    const nothing = reserve(widest);

    this.kernels = instantiate(4 * used);
    const { buffer } = this.kernels.memory;
    const view = (place, count) => new Float32Array(buffer, 4 * place, count);
    this.inputs = view(inputs, capacity * INPUTS);
    this.scratch = 4 * scratch;
    this.nothing = 4 * nothing;
    this.layers = plans.map(({ weights, rest, z, h, delta, ...sizes }) => {
      const { fanIn, columns, count } = sizes;
      const signals = (place) => view(place, capacity * columns);
      return {
        ...sizes,
        kernel: view(weights, fanIn * columns),
        bias: view(weights + fanIn * columns, columns),
        gradient: view(rest.at(-1), count),
        slots: rest.slice(0, -1).map((place) => view(place, count)),
        weights: view(weights, count),
        z: signals(z),
        h: signals(h),
        delta: signals(delta),
      };
    });
    this.head = this.layers[depth];
    this.hidden = this.layers.slice(0, depth);
  }

  use(activation) { this.activation = ACTIVATIONS[activation]; }

  /** Draw new weights; the first layers of a deep network have those of a shallower one. */
  draw(name, seed, bias) {
    for (const [index, layer] of this.hidden.entries()) {
      layer.kernel.set(draw(name, seed, index, layer.fanIn, layer.units));
      layer.bias.fill(bias);
    }
    const { fanIn, units, columns, kernel } = this.head;
    const drawn = draw(HEAD, seed, -1, fanIn, units);
    for (let i = 0; i < drawn.length; i++)
      kernel[Math.floor(i / units) * columns + (i % units)] = drawn[i];
    this.head.bias.fill(0);
    for (const layer of this.layers) for (const slot of layer.slots) slot.fill(0);
    this.steps = 0;
  }

  /** The kernel for a product whose first factor an activation has let through, or not. */
  product(name, activated, columns) {
    const sparse = activated && this.activation.sparse && columns % SPARSE_COLUMNS === 0;
    return this.kernels[sparse ? `${name}Sparse` : name];
  }

  /** Pass so many samples, which lie in `inputs`, through all layers. */
  forward(samples) {
    const { kernels, scratch } = this;
    let input = this.inputs;
    for (const layer of this.layers) {
      const { fanIn, columns, kernel, bias, z, h } = layer;
      this.product("product", input !== this.inputs, columns)(
        input.byteOffset, kernel.byteOffset, z.byteOffset, bias.byteOffset, upTo(samples, 4), fanIn,
        columns, scratch,
      );
      const count = samples * columns;
      if (layer !== this.head)
        this.activation.forward(z.subarray(0, count), h.subarray(0, count), kernels);
      input = h;
    }
  }

  /**
   * Softmax and cross-entropy of the samples that went forward: mean loss and share of hits.
   *
   * Leaves in the head's delta what the loss of each sample sends back.
   */
  judge(labels, samples) {
    const { z, delta, columns } = this.head;
    let loss = 0, hits = 0;
    for (let sample = 0; sample < samples; sample++) {
      const start = sample * columns, label = labels[sample];
      let best = 0, sum = 0;
      for (let k = 1; k < CLASSES; k++) if (z[start + k] > z[start + best]) best = k;
      for (let k = 0; k < CLASSES; k++) sum += Math.exp(z[start + k] - z[start + best]);
      for (let k = 0; k < CLASSES; k++)
        delta[start + k] = Math.exp(z[start + k] - z[start + best]) / sum - (k === label ? 1 : 0);
      loss += Math.log(sum) + z[start + best] - z[start + label];
      hits += best === label ? 1 : 0;
    }
    return { loss: loss / samples, accuracy: hits / samples };
  }

  /**
   * From the head's delta, that of each layer, and SUMS over the samples of the gradients.
   *
   * @param {number} samples a multiple of 4
   */
  backward(samples) {
    const { kernels, scratch, nothing } = this;
    for (let index = this.depth; index >= 0; index--) {
      const { fanIn, columns, kernel, gradient, delta } = this.layers[index];
      const before = this.layers[index - 1];
      const input = before ? before.h : this.inputs;
      this.product("productOfTransposed", before, columns)(
        input.byteOffset, delta.byteOffset, gradient.byteOffset, nothing, fanIn, samples, columns,
        scratch,
      );
      kernels.columnSums(
        delta.byteOffset, gradient.byteOffset + 4 * fanIn * columns, samples, columns,
      );
      if (!before) return;
      this.product("productByTransposed", index < this.depth, fanIn)(
        delta.byteOffset, kernel.byteOffset, before.delta.byteOffset, nothing, samples, columns,
        fanIn, scratch,
      );
      const count = samples * fanIn;
      this.activation.backward(
        before.z.subarray(0, count), before.h.subarray(0, count), before.delta.subarray(0, count),
        kernels,
      );
    }
  }

  /** Move the weights against the gradient of the mean loss of so many samples. */
  step(rate, momentum, samples) {
    this.steps += 1;
    const settings = { rate, momentum, scale: 1 / samples, step: this.steps };
    for (const { weights, slots, gradient, count } of this.layers)
      this.optimizer.step(
        this.kernels, [weights, ...slots, gradient].map((array) => array.byteOffset), count, settings,
      );
  }
}
