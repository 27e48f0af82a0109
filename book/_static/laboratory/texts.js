/**
 * What a reader of the laboratory sees or hears, in the language of the page.
 *
 * The sentences are in words.json, which the build reads as well: each as {"es": …, "en": …}, or as
 * one text that both languages have. What stands in {braces} is filled in here.
 */

import words from "./words.json" with { type: "json" };

const LANGUAGES = ["es", "en"];
const asked = globalThis.document?.documentElement.lang.slice(0, 2);
const language = LANGUAGES.find((one) => one === asked) ?? LANGUAGES[0];

/** The words of one language, in the same places. */
function spoken(node) {
  if (typeof node === "string") return node;
  if (Array.isArray(node)) return node.map(spoken);
  if (language in node) return node[language];
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, spoken(value)]));
}

/** @type {any} */
const said = spoken(words);
const { labels, values } = said;

/** A sentence with these things in its places. */
const fill = (sentence, things) => sentence.replace(/\{(\w+)\}/g, (_, place) => {
  if (!(place in things)) throw new Error(`«${sentence}»: ${place}?`);
  return things[place];
});

const superscripts = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const power = (exponent) => `10${[...String(exponent)].map((letter) => superscripts[letter]).join("")}`;

const SPACE = "\u00a0"; // that does not break

/** Write a number as the book does: 0.0312, 1.2 × 10⁻⁵, −3. */
function write(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return "∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const [digits, exponent] = value.toExponential(1).split("e");
  const text = size >= 0.01 && size < 1000
    ? String(Number(value.toPrecision(3)))
    : `${digits} × ${power(Number(exponent))}`;
  return text.replace("-", "−").replaceAll(" ", SPACE);
}
const percent = (share) => fill(said.percent, { number: Math.round(100 * share) });
const list = (parts) => parts.length > 1
  ? fill(said.and, { most: parts.slice(0, -1).join(", "), last: parts.at(-1) })
  : parts[0];

const valueOf = (name, value) => (name === "versus" ? labels : values)[value] ?? String(value).replace("-", "−");

/** What is said of each network, with its name before it if it has one. */
const ofEach = (series, say) => series.map(({ name, values }) =>
  name ? fill(said.nameBefore, { name, said: say(values) }) : say(values)).join(". ");

export const TEXTS = {
  ...said, write, percent, power, valueOf,

  otherValue: (name) => fill(said.otherValue, { label: labels[name] }),

  // Links
  corrected: (key, text, value) =>
    fill(said.corrected, { label: labels[key], text, value: valueOf(key, value) }),
  unknown: (key, near) => near ? fill(said.unknownNear, { key, near }) : fill(said.unknown, { key }),

  // Figures
  histogram: (name) => name ? fill(said.histogramOf, { name }) : said.histogram,
  pair: (activation, initializer, h, delta) => fill(said.pair, {
    activation: values[activation], initializer: values[initializer], h: write(h), delta: write(delta),
  }),

  // What moved, for the eye and for a screen reader
  reading: (name, { activation, chosen, sigma_w: sigma, depth, width }, layers, theory) => {
    const first = layers[0], last = layers.at(-1);
    const both = (measured, predicted) => Number.isNaN(predicted)
      ? write(measured)
      : fill(said.withTheory, { measured: write(measured), predicted: write(predicted) });
    const most = (key) => percent(Math.max(...layers.map((layer) => layer[key])));
    const reading = fill(said.reading, {
      activation: values[activation],
      initializer: chosen === "sigma_w" ? `σ_w = ${sigma}` : values[chosen],
      layers: fill(depth === 1 ? said.layersOne : said.layersMany, { depth, width }),
      h: both(last.h, theory.h.at(-1)),
      delta: both(first.delta, theory.delta[0]),
      dead: most("dead"),
      saturated: most("saturated"),
    });
    return (name ? fill(said.ofNetwork, { name }) : "") + reading;
  },
  chart: (title, series) => `${title}. ${ofEach(series, (values) =>
    fill(said.ends, { first: write(values[0]), last: write(values.at(-1)) }))}.`,
  curve: (title, series) => `${title}. ${ofEach(series, (values) =>
    values.length ? write(values.at(-1)) : said.untrained)}.`,

  // Training
  progress: (epoch, epochs, shares) => fill(said.progress, {
    epoch,
    epochs,
    shares: list(shares.map(({ name, accuracy }) => {
      const share = Number.isNaN(accuracy) ? said.atChance : percent(accuracy);
      return name ? fill(said.shareOf, { name, share }) : share;
    })),
  }),
  diverged: (name) => name ? fill(said.divergedOf, { name }) : said.diverged,
  outcome: (bet, truth, right) =>
    fill(bet === null ? said.outcome : right ? said.outcomeRight : said.outcomeWrong, { bet, truth }),
};
