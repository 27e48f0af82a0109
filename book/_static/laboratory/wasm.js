/**
 * A few words of WebAssembly, enough to write `kernels.js` in: no compiler, no binary to ship.
 *
 * Code is nested arrays of bytes in the order of the stack machine: operands first, then the
 * operation. Numbers of operations: https://webassembly.github.io/spec/core/binary/
 */

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** Bytes of a signed whole number (LEB128). */
function leb(number) {
  const bytes = [];
  for (;;) {
    const byte = number & 0x7f;
    number >>= 7;
    if ((number === 0 && !(byte & 0x40)) || (number === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** Bytes of an unsigned one. */
function uleb(number) {
  const bytes = [];
  for (; number > 0x7f; number >>>= 7) bytes.push((number & 0x7f) | 0x80);
  return [...bytes, number];
}

const simd = (number, ...operands) => [...operands, 0xfd, uleb(number)];
const binary = (code) => (one, other) => [one, other, code];

export const i32 = (number) => [0x41, leb(number)];
export const plus = binary(0x6a);
export const times = binary(0x6c);
export const below = binary(0x49); // unsigned
/** How many bits are 1. */
export const ones = (number) => [number, 0x69];
export const loadWhole = (address, offset = 0) => [address, 0x28, 2, uleb(offset)];
export const storeWhole = (address, value, offset = 0) => [address, value, 0x36, 2, uleb(offset)];
export const when = (condition, ...body) => [condition, 0x04, 0x40, ...body, 0x0b];
/** Four equal numbers, from one on the stack or from one in memory. */
export const splat = (number) => simd(0x13, number);
export const loadSplat = (address, offset = 0) => [simd(0x09, address), 2, uleb(offset)];
/** Four numbers that lie side by side in memory. */
export const load = (address, offset = 0) => [simd(0x00, address), 2, uleb(offset)];
export const store = (address, value, offset = 0) => [simd(0x0b, address, value), 2, uleb(offset)];
export const add = (one, other) => simd(0xe4, one, other);
export const subtract = (one, other) => simd(0xe5, one, other);
export const multiply = (one, other) => simd(0xe6, one, other);
export const divide = (one, other) => simd(0xe7, one, other);
export const root = (value) => simd(0xe3, value);
/** All bits where one is greater, none where not; and one or the other by such bits. */
export const above = (one, other) => simd(0x44, one, other);
export const select = (one, other, bits) => simd(0x52, one, other, bits);
export const least = (one, other) => simd(0xe8, one, other);
export const greatest = (one, other) => simd(0xe9, one, other);
/** Four times a number, written into the code. */
export const quartet = (number) =>
  [0xfd, 0x0c, new Array(4).fill([...new Uint8Array(new Float32Array([number]).buffer)])];
export const zeros = quartet(0);
/** Four whole numbers: written into the code, equal ones, and sums. */
export const quartetOf = (numbers) => [0xfd, 0x0c, [...new Uint8Array(new Int32Array(numbers).buffer)]];
export const splatWhole = (number) => simd(0x11, number);
export const plusQuartets = (one, other) => simd(0xae, one, other);
/** All bits where they differ; and of each of four the first bit, as one whole number. */
export const unlike = (one, other) => simd(0x42, one, other);
export const signs = (bits) => simd(0xa4, bits);
/** The bytes of `from` in an order that another quartet gives. */
export const pick = (from, order) => simd(0x0e, from, order);
/** A quartet with one of its places read from memory. */
export const loadLane = (address, into, lane) => [simd(0x56, address, into), 2, 0, lane];
/** Bring together numbers of two quartets: places 0…3 are in the first, 4…7 in the second. */
export const shuffle = (one, other, places) =>
  [...[one, other], 0xfd, 0x0d, places.map((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte))];

/** one × other + more, rounded once: new in browsers, twice as fast where the processor has it. */
const fused = (one, other, more) => simd(0x105, one, other, more);
const apart = (one, other, more) => add(multiply(one, other), more);

/** A function under construction, whose variables have names. */
export class Func {
  /** @param {[string, number][]} parameters names and types */
  constructor(parameters) {
    this.types = parameters.map(([, type]) => type);
    this.places = new Map(parameters.map(([name], place) => [name, place]));
    this.inputs = parameters.length;
  }
  declare(type, ...names) {
    for (const name of names) {
      this.places.set(name, this.types.length);
      this.types.push(type);
    }
  }
  place(name) {
    if (!this.places.has(name)) throw new Error(`no variable ${name}`);
    return uleb(this.places.get(name));
  }
  get(name) { return [0x20, this.place(name)]; }
  set(name, value) { return [value, 0x21, this.place(name)]; }
  increase(name, value) { return this.set(name, plus(this.get(name), value)); }
  /** Repeat the body while `name`, which grows by `step`, is below `limit`; at least once. */
  repeat(name, limit, step, ...body) {
    const again = below(this.get(name), limit);
    return [0x03, 0x40, ...body, this.increase(name, step), again, 0x0d, 0x00, 0x0b];
  }
  bytes(body) {
    const locals = this.types.slice(this.inputs).map((type) => [1, type]);
    return sized([uleb(locals.length), locals, body, 0x0b]);
  }
}

const sized = (content) => {
  const bytes = content.flat(Infinity);
  return [uleb(bytes.length), bytes];
};
const section = (number, ...content) => [number, sized(content)];
const list = (items) => [uleb(items.length), ...items];
const name = (text) => list([...text].map((letter) => letter.charCodeAt(0)));

/**
 * The bytes of a module that exports functions and works on the memory `env.memory`.
 *
 * `write` maps names to [Func, body]; it gets the way to multiply and add.
 */
export function assemble(write) {
  const module = (multiplyAdd) => {
    const functions = Object.entries(write(multiplyAdd));
    const types = functions.map(([, [func]]) => [0x60, list(func.types.slice(0, func.inputs)), 0]);
    return new Uint8Array([
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // \0asm, version 1
      section(1, list(types)),
      section(2, list([[name("env"), name("memory"), 2, 0, 1]])),
      section(3, list(functions.map((_, index) => uleb(index)))),
      section(7, list(functions.map(([key], index) => [name(key), 0, uleb(index)]))),
      section(10, list(functions.map(([, [func, body]]) => func.bytes(body)))),
    ].flat(Infinity));
  };
  const fast = module(fused);
  return WebAssembly.validate(fast) ? fast : module(apart);
}
