/**
 * The activations of lab.catalog: φ and φ' on a number, and the same on whole arrays.
 *
 * `forward` writes φ(z) into h; `backward` multiplies delta by φ'(z). Each has a loop of its own,
 * because a browser compiles a loop for the function that it has met in it, and for one only. They
 * get the kernels, too.
 */

const LEAKY_SLOPE = 0.2; // Keras's, for "leaky_relu" as a string

const density = (z) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
const logistic = (z) => 1 / (1 + Math.exp(-z));

/**
 * The normal distribution function, from a table of it and its derivative, with cubics between:
 * as exact as a product of float64 numbers needs to be for float32.
 */
const normal = (() => {
  const REACH = 9, PER_UNIT = 128, last = 2 * REACH * PER_UNIT;
  const step = 1 / PER_UNIT, values = new Float64Array(last + 1), slopes = new Float64Array(last + 1);
  for (let i = 0; i <= last; i++) slopes[i] = step * density(i * step - REACH);
  values[0] = 1.1285884059538e-19;
  for (let i = 1; i <= last; i++) { // Simpson's rule
    const middle = step * density((i - 0.5) * step - REACH);
    values[i] = values[i - 1] + (slopes[i - 1] + 4 * middle + slopes[i]) / 6;
  }
  return (z) => {
    if (!(z > -REACH)) return z <= -REACH ? 0 : NaN;
    if (z >= REACH) return 1;
    const place = (z + REACH) * PER_UNIT, i = Math.floor(place), t = place - i;
    const rise = values[i + 1] - values[i], a = slopes[i], b = slopes[i + 1];
    return values[i] + t * (a + t * (3 * rise - 2 * a - b + t * (a + b - 2 * rise)));
  };
})();

const linear = { value: (z) => z, slope: () => 1 };
const sigmoid = { value: logistic, slope: (z) => logistic(z) * logistic(-z) };
const tanh = { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 };
const relu = { value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) };
const leaky = {
  value: (z) => (z > 0 ? z : LEAKY_SLOPE * z),
  slope: (z) => (z > 0 ? 1 : LEAKY_SLOPE),
};
const elu = {
  value: (z) => (z > 0 ? z : Math.expm1(z)),
  slope: (z) => (z > 0 ? 1 : Math.exp(z)),
};
const gelu = { value: (z) => z * normal(z), slope: (z) => normal(z) + z * density(z) };
const silu = {
  value: (z) => z * logistic(z),
  slope: (z) => logistic(z) * (1 + z * logistic(-z)),
};

/** The loops of ReLU and its sister, whose signs a processor cannot guess, as kernels. */
const rectifier = (slope) => ({
  forward: (z, h, kernels) => kernels.rectify(z.byteOffset, h.byteOffset, z.length, slope),
  backward: (z, h, delta, kernels) =>
    kernels.rectifyBack(z.byteOffset, delta.byteOffset, z.length, slope),
});

/**
 * Name → φ, as Keras names it. `offSide`: a unit can be off, with no sample above zero; `sparse`:
 * it then gives 0 and sends 0 back.
 */
export const ACTIVATIONS = {
  linear: {
    ...linear,
    forward(z, h) { h.set(z); },
    backward() {},
  },
  sigmoid: {
    ...sigmoid,
    forward(z, h) { for (let i = 0; i < z.length; i++) h[i] = sigmoid.value(z[i]); },
    backward(z, h, delta) { for (let i = 0; i < z.length; i++) delta[i] *= h[i] * (1 - h[i]); },
  },
  tanh: {
    ...tanh,
    forward(z, h, kernels) { kernels.tanh(z.byteOffset, h.byteOffset, z.length); },
    backward(z, h, delta) { for (let i = 0; i < z.length; i++) delta[i] *= 1 - h[i] * h[i]; },
  },
  relu: {
    ...relu,
    offSide: true,
    sparse: true,
    ...rectifier(0),
  },
  leaky_relu: {
    ...leaky,
    offSide: true,
    ...rectifier(LEAKY_SLOPE),
  },
  elu: {
    ...elu,
    offSide: true,
    forward(z, h) { for (let i = 0; i < z.length; i++) h[i] = elu.value(z[i]); },
    backward(z, h, delta) {
      for (let i = 0; i < z.length; i++) if (z[i] <= 0) delta[i] *= h[i] + 1;
    },
  },
  gelu: {
    ...gelu,
    offSide: true,
    forward(z, h) { for (let i = 0; i < z.length; i++) h[i] = gelu.value(z[i]); },
    backward(z, h, delta) { for (let i = 0; i < z.length; i++) delta[i] *= gelu.slope(z[i]); },
  },
  silu: {
    ...silu,
    offSide: true,
    forward(z, h) { for (let i = 0; i < z.length; i++) h[i] = silu.value(z[i]); },
    backward(z, h, delta) { for (let i = 0; i < z.length; i++) delta[i] *= silu.slope(z[i]); },
  },
};

/** The largest slope of φ (gelu and silu pass 1, well to the right of zero). */
export function steepest({ slope }) {
  let largest = 0;
  for (let z = -5; z <= 5; z += 0.01) largest = Math.max(largest, slope(z));
  return largest;
}
