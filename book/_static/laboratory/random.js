/** Random numbers of this page: a seed gives the same ones everywhere, but not Keras's. */

/** A stream of numbers, one for each list of whole numbers. After Bob Jenkins's sfc32. */
export class Random {
  constructor(...seeds) {
    let [a, b, c] = [0x9e3779b9, 0x243f6a88, 0xb7e15162], counter = 1;
    this.bits = () => {
      const sum = (a + b + counter++) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      return sum >>> 0;
    };
    for (const seed of seeds) {
      a ^= seed;
      for (let i = 0; i < 12; i++) this.bits();
    }
  }

  /** Uniform between 0 and 1; never 0. */
  uniform() { return (this.bits() + 0.5) / 2 ** 32; }

  /** Fill with normal numbers; with `limit`, only such as are not farther from zero. */
  normal(values, deviation, limit = Infinity) {
    for (let i = 0; i < values.length;) {
      const radius = Math.sqrt(-2 * Math.log(this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      const one = radius * Math.cos(angle), other = radius * Math.sin(angle);
      if (Math.abs(one) <= limit) values[i++] = deviation * one;
      if (i < values.length && Math.abs(other) <= limit) values[i++] = deviation * other;
    }
  }

  /** The numbers below `count` in a random order. */
  permutation(count) {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}
