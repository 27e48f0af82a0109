/**
 * Where the time goes: products of matrices and steps of optimizers, four numbers at a time.
 *
 * Plain JavaScript, in tiles of 2 × 4, does 3 GFLOP/s where this does 60, and Math.tanh alone took
 * half of an epoch. All sizes are in numbers, all addresses in bytes; rows, columns and lengths are
 * multiples of 8.
 */

import {
  F32, Func, I32, V128, above, add, assemble, below, divide, greatest, i32, least, load, loadLane,
  loadSplat, loadWhole, multiply, ones, pick, plus, plusQuartets, quartet, quartetOf, root, select,
  shuffle, signs, splat, splatWhole, store, storeWhole, subtract, times, unlike, when, zeros,
} from "./wasm.js";

const ROWS = 4, COLUMNS = 8; // of the tile that stays in registers
/** Columns of a product with zeros that are summed up at once: widths that it takes divide by it. */
export const SPARSE_COLUMNS = 32;
const ROW = 4 * SPARSE_COLUMNS; // bytes
const UNROLLED = 4;
const range = (count) => [...new Array(count).keys()];

/**
 * c = a b + first, with a (rows, inner), b (inner, columns) and c (rows, columns), all row by
 * row, and `first` (columns) added to each row.
 *
 * With `aTransposed`, a is given as (inner, rows); with `bTransposed`, b as (columns, inner).
 * Eight columns of b at a time are copied to `scratch` (8 × inner numbers), where they lie
 * together; then a tile of c is summed up in registers.
 */
function product(multiplyAdd, { aTransposed = false, bTransposed = false } = {}) {
  const names = ["a", "b", "c", "first", "rows", "inner", "columns", "scratch"];
  const f = new Func(names.map((name) => [name, I32]));
  f.declare(I32, "row", "column", "k", "to", "from", "end", "aStride", "bStride", "cStride");
  const starts = range(aTransposed ? 1 : ROWS).map((row) => `a${row}`);
  f.declare(I32, ...starts);
  const sums = range(ROWS).map((row) => range(COLUMNS / 4).map((quartet) => `s${row}${quartet}`));
  f.declare(V128, "left", ...sums.flat(), "right0", "right1", ...TURNED);
  const get = (name) => f.get(name), set = (name, value) => f.set(name, value);

  const tile = [
    aTransposed
      ? set("a0", plus(get("a"), times(get("row"), i32(4))))
      : range(ROWS).map((row) =>
          set(`a${row}`, plus(get("a"), times(plus(get("row"), i32(row)), get("aStride"))))),
    set("from", plus(get("first"), times(get("column"), i32(4)))),
    sums.map((row) => row.map((sum, q) => set(sum, load(get("from"), 16 * q)))),
    set("to", get("scratch")),
    f.repeat("to", get("end"), i32(4 * COLUMNS * UNROLLED),
      range(UNROLLED).map((u) => [
        range(2).map((q) => set(`right${q}`, load(get("to"), 4 * COLUMNS * u + 16 * q))),
        range(ROWS).map((row) => [
          set("left", aTransposed ? loadSplat(get("a0"), 4 * row) : loadSplat(get(`a${row}`), 4 * u)),
          sums[row].map((sum, q) => set(sum, multiplyAdd(get("left"), get(`right${q}`), get(sum)))),
        ]),
        aTransposed ? f.increase("a0", get("aStride")) : [],
      ]),
      aTransposed ? [] : starts.map((start) => f.increase(start, i32(4 * UNROLLED)))),
    set("to", plus(get("c"), plus(times(get("row"), get("cStride")), times(get("column"), i32(4))))),
    range(ROWS).map((row) => [
      sums[row].map((sum, q) => store(get("to"), get(sum), 16 * q)),
      f.increase("to", get("cStride")),
    ]),
  ];
  return [f, [
    set("aStride", times(get(aTransposed ? "rows" : "inner"), i32(4))),
    set("bStride", times(get(bTransposed ? "inner" : "columns"), i32(4))),
    set("cStride", times(get("columns"), i32(4))),
    set("end", plus(get("scratch"), times(get("inner"), i32(4 * COLUMNS)))),
    f.repeat("column", get("columns"), i32(COLUMNS),
      set("to", get("scratch")),
      set("k", i32(0)),
      (bTransposed ? packTurned : pack)(f, COLUMNS),
      set("row", i32(0)), f.repeat("row", get("rows"), i32(ROWS), tile)),
  ]];
}

/** Copy so many columns of b, from `column` on, to where `to` points. */
const pack = (f, columns) => [
  f.set("from", plus(f.get("b"), times(f.get("column"), i32(4)))),
  f.repeat("k", f.get("inner"), i32(1),
    range(columns / 4).map((quartet) =>
      store(f.get("to"), load(f.get("from"), 16 * quartet), 16 * quartet)),
    f.increase("to", i32(4 * columns)),
    f.increase("from", f.get("bStride"))),
];

/** The same of a b whose columns are given as rows: 4 × 4 numbers at a time are turned. */
const TURNED = ["r0", "r1", "r2", "r3", "t0", "t1", "t2", "t3"];
const packTurned = (f, columns) => f.repeat("k", f.get("inner"), i32(4),
  f.set("from", plus(f.get("b"),
    plus(times(f.get("column"), f.get("bStride")), times(f.get("k"), i32(4))))),
  range(columns / 4).map((quartet) => [
    range(4).map((i) => [f.set(`r${i}`, load(f.get("from"))), f.increase("from", f.get("bStride"))]),
    range(4).map((i) => f.set(`t${i}`, shuffle(f.get(`r${i & 2}`), f.get(`r${(i & 2) + 1}`),
      i % 2 ? [2, 6, 3, 7] : [0, 4, 1, 5]))),
    range(4).map((i) => store(f.get("to"), shuffle(f.get(`t${i >> 1}`), f.get(`t${2 + (i >> 1)}`),
      i % 2 ? [2, 3, 6, 7] : [0, 1, 4, 5]), 4 * columns * i + 16 * quartet)),
  ]),
  f.increase("to", i32(16 * columns)));

/**
 * The same products for an a with many zeros, which it leaves out: behind a ReLU, half of h and of
 * δ. Half of the work is not done: a step of the canonical network takes 1.5 ms instead of 2.2
 * (the least of 400, AMD EPYC, 30 Nov 2026).
 *
 * First a list of what is not zero in each row of a: the address of its row of packed b, and the
 * number. Four numbers at a time are looked at, and those to keep brought to the front: an epoch
 * takes 37.7 ms where it took 39.9 one by one (1 Dec 2026, AMD EPYC, the cores shared).
 * `scratch` takes 32 × inner numbers for b, 2 × rows × inner for the list, and the end of the list
 * of each row.
 */
function sparseProduct(multiplyAdd, { aTransposed = false, bTransposed = false } = {}) {
  const names = ["a", "b", "c", "first", "rows", "inner", "columns", "scratch"];
  const f = new Func(names.map((name) => [name, I32]));
  f.declare(I32, "row", "column", "k", "to", "from", "end", "aStride", "bStride", "cStride", "bits");
  f.declare(I32, "list", "pair", "ends", "rowOfB");
  f.declare(V128, "packed", "order");
  const sums = range(SPARSE_COLUMNS / 4).map((quartet) => `s${quartet}`);
  f.declare(V128, "left", ...sums, ...(bTransposed ? TURNED : []));
  const get = (name) => f.get(name), set = (name, value) => f.set(name, value);

  const listed = [
    set("from", plus(get("a"), times(get("row"), aTransposed ? i32(4) : get("aStride")))),
    set("packed", plusQuartets(splatWhole(get("scratch")), quartetOf(range(4).map((i) => i * ROW)))),
    set("k", i32(0)),
    f.repeat("k", get("inner"), i32(4),
      aTransposed
        ? range(4).map((lane) => [
            set("left", loadLane(get("from"), get("left"), lane)),
            f.increase("from", get("aStride")),
          ])
        : [set("left", load(get("from"))), f.increase("from", i32(16))],
      set("bits", signs(unlike(get("left"), zeros))), // 0 and −0 go
      set("order", load(times(get("bits"), i32(16)))),
      set("s0", pick(get("packed"), get("order"))),
      set("s1", pick(get("left"), get("order"))),
      store(get("to"), shuffle(get("s0"), get("s1"), [0, 4, 1, 5])),
      store(get("to"), shuffle(get("s0"), get("s1"), [2, 6, 3, 7]), 16),
      f.increase("to", times(ones(get("bits")), i32(8))),
      set("packed", plusQuartets(get("packed"), quartetOf(range(4).map(() => 4 * ROW))))),
    storeWhole(get("ends"), get("to")),
    f.increase("ends", i32(4)),
  ];
  const summed = [
    sums.map((sum, q) => set(sum, load(get("from"), 16 * q))),
    set("end", loadWhole(get("ends"))),
    when(below(get("pair"), get("end")),
      f.repeat("pair", get("end"), i32(8),
        set("rowOfB", loadWhole(get("pair"))),
        set("left", loadSplat(get("pair"), 4)),
        sums.map((sum, q) =>
          set(sum, multiplyAdd(get("left"), load(get("rowOfB"), 16 * q), get(sum)))))),
    sums.map((sum, q) => store(get("to"), get(sum), 16 * q)),
    f.increase("to", get("cStride")),
    f.increase("ends", i32(4)),
  ];
  const startOfEnds = set("ends", plus(get("list"), times(times(get("rows"), get("inner")), i32(8))));
  return [f, [
    set("aStride", times(get(aTransposed ? "rows" : "inner"), i32(4))),
    set("bStride", times(get(bTransposed ? "inner" : "columns"), i32(4))),
    set("cStride", times(get("columns"), i32(4))),
    set("list", plus(get("scratch"), times(get("inner"), i32(ROW)))),
    set("to", get("list")),
    startOfEnds,
    f.repeat("row", get("rows"), i32(1), listed),
    f.repeat("column", get("columns"), i32(SPARSE_COLUMNS),
      set("to", get("scratch")),
      set("k", i32(0)),
      (bTransposed ? packTurned : pack)(f, SPARSE_COLUMNS),
      set("from", plus(get("first"), times(get("column"), i32(4)))),
      set("to", plus(get("c"), times(get("column"), i32(4)))),
      set("pair", get("list")),
      startOfEnds,
      set("row", i32(0)), f.repeat("row", get("rows"), i32(1), summed)),
  ]];
}

/**
 * The sums of the columns of a (rows, columns), eight of them at a time: 37.2 ms of an epoch, and
 * 37.7 when they were a product with ones (1 Dec 2026).
 */
function columnSums() {
  const f = new Func(["a", "to", "rows", "columns"].map((name) => [name, I32]));
  f.declare(I32, "column", "row", "from", "stride");
  f.declare(V128, "s0", "s1");
  const get = (name) => f.get(name), set = (name, value) => f.set(name, value);
  const both = (what) => range(2).map((q) => what(`s${q}`, 16 * q));
  return [f, [
    set("stride", times(get("columns"), i32(4))),
    f.repeat("column", get("columns"), i32(COLUMNS),
      set("from", plus(get("a"), times(get("column"), i32(4)))),
      both((sum) => set(sum, zeros)),
      set("row", i32(0)),
      f.repeat("row", get("rows"), i32(UNROLLED), range(UNROLLED).map(() => [
        both((sum, place) => set(sum, add(get(sum), load(get("from"), place)))),
        f.increase("from", get("stride")),
      ])),
      both((sum, place) => store(get("to"), get(sum), place)),
      f.increase("to", i32(4 * COLUMNS))),
  ]];
}

/** A function that goes once through arrays of `count` numbers: what to do with four of them. */
function sweep(arrays, numbers, body) {
  const parameters = [...arrays.map((name) => [name, I32]), ["count", I32]];
  const f = new Func([...parameters, ...numbers.map((name) => [name, F32])]);
  f.declare(I32, "k");
  f.declare(V128, "new0", "new1", ...numbers.map((name) => `${name}4`));
  return [f, [
    numbers.map((name) => f.set(`${name}4`, splat(f.get(name)))),
    f.repeat("k", f.get("count"), i32(4),
      body(f, (name) => f.get(`${name}4`)),
      arrays.map((name) => f.increase(name, i32(16)))),
  ]];
}

/** h = z where it is positive, and `slope` × z elsewhere: ReLU and its leaky sister. */
const rectify = () => sweep(["z", "h"], ["slope"], (f, number) => [
  f.set("new0", load(f.get("z"))),
  store(f.get("h"), select(f.get("new0"), multiply(number("slope"), f.get("new0")),
    above(f.get("new0"), zeros))),
]);

/** What comes back through them: delta where z is positive, and `slope` × delta elsewhere. */
const rectifyBack = () => sweep(["z", "delta"], ["slope"], (f, number) => [
  f.set("new0", load(f.get("delta"))),
  store(f.get("delta"), select(f.get("new0"), multiply(number("slope"), f.get("new0")),
    above(load(f.get("z")), zeros))),
]);

/** h = tanh z as TensorFlow has it: z p(z²) / q(z²), up to where float32 sees no more than 1. */
const TANH_REACH = 7.90531110763549805;
const TANH_P = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
];
const TANH_Q = [1.19825839466702e-6, 1.18534705686654e-4, 2.26843463243900e-3, 4.89352518554385e-3];
const tanh = (multiplyAdd) => sweep(["z", "h"], [], (f) => {
  const [z, square] = [f.get("new0"), f.get("new1")];
  const polynomial = (coefficients) => coefficients.map(quartet)
    .reduce((sum, coefficient) => multiplyAdd(sum, square, coefficient));
  return [
    f.set("new0", least(greatest(load(f.get("z")), quartet(-TANH_REACH)), quartet(TANH_REACH))),
    f.set("new1", multiply(z, z)),
    store(f.get("h"), divide(multiply(z, polynomial(TANH_P)), polynomial(TANH_Q))),
  ];
});

/** Keras's SGD: v = momentum v − rate g, w = w + v. The gradient is `scale` × what is given. */
const sgd = () => sweep(["w", "v", "g"], ["rate", "momentum", "scale"], (f, number) => [
  f.set("new0", subtract(
    multiply(number("momentum"), load(f.get("v"))),
    multiply(number("rate"), multiply(number("scale"), load(f.get("g")))))),
  store(f.get("v"), f.get("new0")),
  store(f.get("w"), add(load(f.get("w")), f.get("new0"))),
]);

/** Keras's Adam, where `rate` carries the correction of both means and ε is added to the root. */
const adam = () => {
  const numbers = ["rate", "oneLessBeta1", "oneLessBeta2", "epsilon", "scale"];
  const nearer = (f, mean, value, share) =>
    add(load(f.get(mean)), multiply(share, subtract(value, load(f.get(mean)))));
  return sweep(["w", "m", "s", "g"], numbers, (f, number) => [
    f.set("new0", multiply(number("scale"), load(f.get("g")))),
    f.set("new1", nearer(f, "s", multiply(f.get("new0"), f.get("new0")), number("oneLessBeta2"))),
    f.set("new0", nearer(f, "m", f.get("new0"), number("oneLessBeta1"))),
    store(f.get("s"), f.get("new1")),
    store(f.get("m"), f.get("new0")),
    store(f.get("w"), subtract(load(f.get("w")), divide(
      multiply(number("rate"), f.get("new0")), add(root(f.get("new1")), number("epsilon"))))),
  ]);
};

/**
 * For each of the 16 ways in which four numbers can be zero or not (a bit each): the bytes of those
 * that are not, brought to the front. They lie at address 0, where the kernels look for them.
 */
const ORDERS = Uint8Array.from(range(16).flatMap((bits) => {
  const [kept, gone] = [1, 0].map((bit) => range(4).filter((i) => ((bits >> i) & 1) === bit));
  return [...kept, ...gone].flatMap((place) => range(4).map((byte) => 4 * place + byte));
}));
/** Numbers at the start of the memory that are the kernels' own. */
export const OWN = ORDERS.length / 4;

let compiled;

/**
 * The functions on a memory of so many bytes, and the memory.
 *
 * @returns {{memory: WebAssembly.Memory} & Object<string, any>}
 */
export function instantiate(bytes) {
  compiled ??= new WebAssembly.Module(assemble((multiplyAdd) => ({
    product: product(multiplyAdd),
    productOfTransposed: product(multiplyAdd, { aTransposed: true }),
    productByTransposed: product(multiplyAdd, { bTransposed: true }),
    productSparse: sparseProduct(multiplyAdd),
    productOfTransposedSparse: sparseProduct(multiplyAdd, { aTransposed: true }),
    productByTransposedSparse: sparseProduct(multiplyAdd, { bTransposed: true }),
    columnSums: columnSums(),
    rectify: rectify(),
    rectifyBack: rectifyBack(),
    tanh: tanh(multiplyAdd),
    sgd: sgd(),
    adam: adam(),
  })));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  new Uint8Array(memory.buffer).set(ORDERS);
  return { memory, ...new WebAssembly.Instance(compiled, { env: { memory } }).exports };
}
