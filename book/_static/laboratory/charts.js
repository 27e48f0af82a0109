/** The laboratory's figures, as SVG in the book's colours; ink takes the colour of the page. */

import { TEXTS } from "./texts.js";

/** Activation → colour, those of lab.figures. */
export const COLORS = {
  linear: "#8a8a8a",
  sigmoid: "var(--lab-blue, #0072b2)",
  tanh: "#009e73",
  relu: "#d55e00",
  leaky_relu: "#cc79a7",
  elu: "#e69f00",
  gelu: "#56b4e9",
  silu: "#a0522d",
};
/** The first network and the second: filled circles on a solid line, open squares on a dashed one. */
const DASHES = ["none", "5 3"];

const MARGIN = { left: 46, right: 22, top: 28, bottom: 34 };
const heightFor = (width) => (width < 400 ? 165 : 210); // on a phone two of them are seen at once
const near = (value) => Math.round(10 * value) / 10;

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** An element of SVG; what is inside is SVG already. */
function tag(name, attributes, inside = "") {
  const told = Object.entries(attributes).map(([key, value]) =>
    ` ${key}="${escape(String(typeof value === "number" ? near(value) : value))}"`);
  return `<${name}${told.join("")}>${inside}</${name}>`;
}
const text = (x, y, words, more = {}) => tag("text", { x, y, ...more }, escape(words));
const END = { "text-anchor": "end" }, MIDDLE = { "text-anchor": "middle" };

/** An axis: how far up it places a value, from 0 to 1, and its marks. Powers of ten, with 10⁰. */
export function logarithmic(values, withOne = true) {
  const seen = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  if (withOne || !seen.length) seen.push(0);
  let [low, high] = [Math.floor(Math.min(...seen)), Math.ceil(Math.max(...seen))];
  if (high === low) low -= 1;
  const step = [1, 2, 5, 10, 20].find((size) => (high - low) / size <= 5) ?? 20;
  const marks = [];
  for (let exponent = Math.ceil(low / step) * step; exponent <= high; exponent += step)
    marks.push([10 ** exponent, TEXTS.power(exponent)]);
  return { place: (value) => (Math.log10(value) - low) / (high - low), marks };
}

export const straight = (low, high, marks) =>
  ({ place: (value) => (value - low) / (high - low), marks });

export const shares = straight(0, 1, [0, 0.5, 1].map((share) => [share, TEXTS.percent(share)]));

/** Whole numbers from `low` to `high` that can stand side by side. */
export function counted(low, high) {
  const step = [1, 2, 5, 10, 20, 50].find((size) => (high - low) / size <= 6);
  const marks = [[low, String(low)]];
  for (let value = step * Math.ceil((low + 1) / step); value < high - step / 2; value += step)
    if (value - low > step / 2) marks.push([value, String(value)]);
  if (high > low) marks.push([high, String(high)]);
  return straight(low, Math.max(high, low + 1), marks);
}

/**
 * A panel as SVG.
 *
 * @param {object} given
 *   `title`, `label` (for who does not see it), `width` in pixels, `x` and `y` (axes), `xLabel`,
 *   `series`: [{color, second, points, line}] where points and line are [[x, y], …],
 *   `shapes`: [{color, outline: [[x, y], …]}], `reference`: [value, text]
 */
export function panel({ title, label, width, x, y, xLabel, series = [], shapes = [], reference }) {
  const height = heightFor(width);
  const [left, right, top, bottom] =
    [MARGIN.left, width - MARGIN.right, MARGIN.top, height - MARGIN.bottom];
  const inside = (share) => Math.min(1.02, Math.max(-0.02, share));
  const place = {
    across: (value) => left + (right - left) * x.place(value),
    up: (value) => bottom - (bottom - top) * inside(y.place(value)),
    shown: ([, value]) => Number.isFinite(y.place(value)),
  };
  const level = (value, name) =>
    tag("path", { class: name, d: `M${left} ${near(place.up(value))}H${right}` });
  const axes = [
    text(2, 14, title, { class: "title" }),
    ...y.marks.map(([value, words]) =>
      level(value, "grid") + text(left - 6, place.up(value) + 4, words, END)),
    ...x.marks.map(([value, words]) => text(place.across(value), bottom + 16, words, MIDDLE)),
    text(right, height - 3, xLabel, END),
    tag("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }),
  ];
  if (reference) {
    const [value, words] = reference;
    axes.push(level(value, "reference"), text(right, place.up(value) - 4, words, END));
  }
  const most = x.marks[x.marks.length - 1][0];
  const radius = Math.min(3, Math.max(1.5, (right - left) / (2.6 * most)));
  const drawn = [
    ...shapes.map(({ color, outline }) =>
      tag("path", { class: "shape", fill: color, d: `${path(outline, place)}Z` })),
    ...series.flatMap((one) => [lineOf(one, place), ...pointsOf(one, place, radius)]),
    ...namesOf(series, place),
  ];
  const size = { viewBox: `0 0 ${width} ${height}`, width, height };
  return tag("svg", { ...size, role: "img", "aria-label": label }, [...axes, ...drawn].join(""));
}

/** A line through points, with a gap where one cannot be placed. */
function path(points, { across, up, shown }) {
  let pen = "M";
  return points.map((point) => {
    const part = shown(point) ? `${pen}${near(across(point[0]))} ${near(up(point[1]))}` : "";
    pen = part ? "L" : "M";
    return part;
  }).join("");
}

const lineOf = ({ color, second, line }, place) =>
  tag("path", {
    class: "line", stroke: color, "stroke-dasharray": DASHES[second], d: path(line, place),
  });

const pointsOf = ({ color, second, points }, { across, up, shown }, radius) =>
  points.filter(shown).map(([x, y]) => second
    ? tag("rect", {
        class: "open", stroke: color, width: 2 * radius, height: 2 * radius,
        x: across(x) - radius, y: up(y) - radius,
      })
    : tag("circle", { cx: across(x), cy: up(y), r: radius, fill: color }));

/** The names of two networks at the ends of their lines, and none upon the other. */
function namesOf(series, { across, up, shown }) {
  const ends = series.map(({ points, line }) => (points.length ? points : line).filter(shown).at(-1));
  if (ends.length < 2 || ends.includes(undefined)) return [];
  const [one, other] = ends.map(([, y]) => up(y));
  const push = Math.max(0, 12 - Math.abs(one - other)) / 2;
  const moves = one <= other ? [-push, push] : [push, -push];
  return series.map(({ color, second }, index) => {
    const [x, y] = ends[index];
    const more = { fill: color, class: "name" };
    return text(across(x) + 7, up(y) + 4 + moves[index], TEXTS.names[second], more);
  });
}

/** As wide as two panels side by side in so much room, or one where it is narrow. */
export const panelWidth = (room) => Math.floor(room < 560 ? room : (room - 16) / 2);

/** A panel of values by layer. */
export const layerPanel = (title, width, depth, y, series, reference) => panel({
  title, width, y, series, reference,
  label: TEXTS.chart(title, series),
  x: counted(1, depth),
  xLabel: TEXTS.layer,
});

/** A small drawing without axes: h and δ of one pair, from 10⁻¹⁰ to 10². */
export function tile(layers, color) {
  const [width, height, low, high] = [120, 60, -10, 2];
  const place = {
    across: (index) => 3 + (index / Math.max(1, layers.length - 1)) * (width - 6),
    up(value) {
      const share = (Math.log10(Math.max(value, 1e-40)) - low) / (high - low);
      return 3 + (1 - Math.min(1, Math.max(0, share))) * (height - 6);
    },
    shown: ([, value]) => !Number.isNaN(value),
  };
  const series = ["h", "delta"].map((key, second) =>
    ({ color, second, line: layers.map((layer, index) => [index, layer[key]]) }));
  return tag("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": true },
    tag("path", { class: "reference", d: `M0 ${near(place.up(1))}H${width}` }) +
    series.map((one) => lineOf(one, place)).join(""));
}
