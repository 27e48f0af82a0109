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
const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const near = (value) => Math.round(10 * value) / 10;

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
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const across = (value) => near(MARGIN.left + inner.width * x.place(value));
  const up = (value) => near(MARGIN.top + inner.height * (1 - Math.min(1.02, Math.max(-0.02, y.place(value)))));
  const drawn = ([, value]) => Number.isFinite(y.place(value));
  const path = (points) => {
    let pen = "M";
    return points.map((point) => {
      if (!drawn(point)) { pen = "M"; return ""; }
      const part = `${pen}${across(point[0])} ${up(point[1])}`;
      pen = "L";
      return part;
    }).join("");
  };
  const [left, right] = [MARGIN.left, MARGIN.left + inner.width];
  const bottom = MARGIN.top + inner.height;
  const parts = [`<text x="2" y="14" class="title">${escape(title)}</text>`];
  for (const [value, text] of y.marks) {
    const at = up(value);
    parts.push(`<path class="grid" d="M${left} ${at}H${right}"/>`);
    parts.push(`<text x="${left - 6}" y="${at + 4}" text-anchor="end">${text}</text>`);
  }
  for (const [value, text] of x.marks)
    parts.push(`<text x="${across(value)}" y="${bottom + 16}" text-anchor="middle">${text}</text>`);
  parts.push(`<text x="${right}" y="${height - 3}" text-anchor="end">${escape(xLabel)}</text>`);
  parts.push(`<path class="axis" d="M${left} ${MARGIN.top}V${bottom}H${right}"/>`);
  if (reference) {
    const at = up(reference[0]);
    parts.push(`<path class="reference" d="M${left} ${at}H${right}"/>`);
    parts.push(`<text x="${right}" y="${at - 4}" text-anchor="end">${escape(reference[1])}</text>`);
  }
  for (const { color, outline } of shapes)
    parts.push(`<path class="shape" fill="${color}" d="${path(outline)}Z"/>`);
  const radius = Math.min(3, Math.max(1.5, inner.width / (x.marks.at(-1)[0] * 2.6)));
  const ends = [];
  for (const { color, second = 0, points = [], line = [] } of series) {
    parts.push(`<path class="line" stroke="${color}" stroke-dasharray="${DASHES[second]}" d="${path(line)}"/>`);
    for (const point of points.filter(drawn)) {
      const [cx, cy] = [across(point[0]), up(point[1])];
      parts.push(second
        ? `<rect class="open" x="${near(cx - radius)}" y="${near(cy - radius)}" width="${near(2 * radius)}" height="${near(2 * radius)}" stroke="${color}"/>`
        : `<circle cx="${cx}" cy="${cy}" r="${near(radius)}" fill="${color}"/>`);
    }
    const end = (points.length ? points : line).filter(drawn).at(-1);
    if (end) ends.push({ color, second, at: [across(end[0]), up(end[1])] });
  }
  // The name of each network at the end of its line, and none upon the other
  if (ends.length > 1) {
    const [one, other] = ends.map(({ at }) => at[1]);
    const push = Math.max(0, 12 - Math.abs(one - other)) / 2;
    ends.forEach(({ color, second, at }, index) => {
      const down = (index === 0) === (one <= other) ? -push : push;
      parts.push(`<text x="${at[0] + 7}" y="${near(at[1] + 4 + down)}" fill="${color}" class="name">${TEXTS.names[second]}</text>`);
    });
  }
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(label)}">${parts.join("")}</svg>`;
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
  const line = (key) => layers.map((layer, index) => {
    const place = (Math.log10(Math.max(layer[key], 1e-40)) - low) / (high - low);
    const across = layers.length > 1 ? index / (layers.length - 1) : 0.5;
    const up = Number.isNaN(place) ? 0 : Math.min(1, Math.max(0, place));
    return `${index ? "L" : "M"}${near(3 + across * (width - 6))} ${near(3 + (1 - up) * (height - 6))}`;
  }).join("");
  const one = near(3 + (1 - (0 - low) / (high - low)) * (height - 6));
  return `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true"><path class="reference" d="M0 ${one}H${width}"/>` +
    `<path class="line" stroke="${color}" d="${line("h")}"/>` +
    `<path class="line" stroke="${color}" stroke-dasharray="${DASHES[1]}" d="${line("delta")}"/></svg>`;
}
