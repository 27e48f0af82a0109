/** The settings of the laboratory: what each takes, how a link holds them, what a command says. */

import { ACTIVATIONS } from "./activations.js";
import { INITIALIZERS } from "./initializers.js";
import { TEXTS } from "./texts.js";

const choice = (values, standard) => ({
  standard,
  values,
  near: (text) => nearest(text, values),
});
const number = (least, most, step, standard, extra = {}) => ({
  standard, least, most, step,
  near(text) {
    const value = Number(text.replace(",", "."));
    if (text.trim() === "" || Number.isNaN(value)) return standard;
    const whole = step ? least + Math.round((value - least) / step) * step : value;
    return Number(Math.min(most, Math.max(least, whole)).toPrecision(6));
  },
  ...extra,
});

/** Name → what it takes. `near` gives the nearest valid value to a text. */
export const SETTINGS = {
  activation: choice(Object.keys(ACTIVATIONS), "relu"),
  initializer: choice(
    Object.keys(INITIALIZERS).map((name) => (name === "random_normal" ? "sigma_w" : name)),
    "glorot_uniform",
  ),
  sigma_w: number(0.1, 16, 0.1, 1), // 10.2 for a sigmoid whose gradient arrives
  depth: number(1, 60, 1, 20),
  width: number(8, 256, 8, 128),
  bias: number(-2, 2, 0.1, 0),
  seed: number(0, 9999, 1, 0, { typed: true }),
  optimizer: choice(["sgd", "adam"], "sgd"),
  rate: number(1e-5, 1, 0, 1e-3),
  epochs: number(1, 100, 1, 20),
};

/** What the second network may differ in. */
export const VERSUS = Object.keys(SETTINGS).filter((name) => name !== "epochs");

/**
 * All settings of the page; `versus` is what the second network differs in, and `other` its value.
 *
 * @typedef {{activation: string, initializer: string, sigma_w: number, depth: number,
 *   width: number, bias: number, seed: number, optimizer: string, rate: number, epochs: number,
 *   versus: string, other: any}} Settings
 */

/** @returns {Settings} those with which the page begins */
export const standards = () => ({
  .../** @type {any} */ (Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { standard }]) => [name, standard]))),
  versus: "",
  other: "",
});

/** How many letters have to be changed to make one word of the other (Levenshtein). */
function apart(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries())
      next.push(Math.min(row[j] + (letter === against ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row.at(-1);
}

function nearest(text, values) {
  const word = text.trim().toLowerCase();
  return values.reduce((best, value) => (apart(word, value) < apart(word, best) ? value : best));
}

/** A name that is meant by a word with at most a letter in three wrong, if there is one. */
function meant(word, names) {
  const name = nearest(word, names);
  return apart(word.trim().toLowerCase(), name) <= name.length / 3 ? name : null;
}

/** Tell whether the part of a link after # holds settings; it may be the name of a section. */
export const holdsSettings = (hash) => hash === "" || hash.includes("=");

/**
 * Read the part of a link after #: the settings, and a line for each that could not be taken.
 *
 * Only what differs from the standard is in a link.
 */
export function fromLink(hash) {
  const settings = standards(), notes = [];
  const take = (key, text, { near }) => {
    const value = near(text);
    if (String(value) !== text && (text.trim() === "" || Number(text) !== value))
      notes.push(TEXTS.corrected(key, text, value));
    return value;
  };
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  for (const [key, text] of given) {
    if (Object.hasOwn(SETTINGS, key)) settings[key] = take(key, text, SETTINGS[key]);
    else if (key === "versus") settings.versus = take(key, text, choice(VERSUS));
    else if (key !== "other")
      notes.push(TEXTS.unknown(key, meant(key, [...Object.keys(SETTINGS), "versus", "other"])));
  }
  if (settings.versus) {
    const text = given.get("other");
    settings.other = text === null
      ? otherThan(settings)
      : take(settings.versus, text, SETTINGS[settings.versus]);
  }
  return { settings, notes };
}

export function toLink(settings) {
  const standard = standards();
  const told = Object.entries(settings).filter(([name, value]) => value !== standard[name]);
  return told.length ? `#${new URLSearchParams(told)}` : "";
}

/** A value for the second network to begin with, which the first one does not have. */
export function otherThan({ versus, ...settings }) {
  const { values, standard, near } = SETTINGS[versus];
  const here = settings[versus];
  if (versus === "initializer" && here === "glorot_uniform") return "he_normal";
  if (values) return values[(values.indexOf(here) + 1) % values.length];
  const factor = versus === "rate" ? 10 : 2;
  const doubled = near(String(here ? here * factor : versus === "bias" ? -0.5 : 1));
  return doubled === here ? standard : doubled;
}

/** The settings of one network or of both, as the engine takes them; `chosen` by the reader. */
export function networks(settings) {
  const { versus, other } = settings;
  const both = versus ? [settings, { ...settings, [versus]: other }] : [settings];
  // Who compares σ_w compares networks that have one of their own.
  return both.map((one) => (versus === "sigma_w" ? { ...one, initializer: "sigma_w" } : one))
    .map((one) => ({ ...one, chosen: one.initializer, initializer: engineName(one) }));
}

/** The name of an initializer as the engine and the commands have it. */
const engineName = ({ initializer, sigma_w: sigma, width }) =>
  initializer === "sigma_w"
    ? `random_normal:${(sigma / Math.sqrt(width)).toPrecision(4)}`
    : initializer;

/**
 * The lines for a terminal that do with the book's experiments what the page does.
 *
 * @param {string} snippet the experiment: "gradient_flow" or "training_grid"
 */
export function commands(snippet, settings) {
  const lines = networks(settings).map((network) => {
    const options = {
      activation: network.activation,
      initializer: network.initializer,
      depth: network.depth,
      width: network.width,
      seeds: 1,
      "first-seed": network.seed,
    };
    if (snippet === "training_grid")
      Object.assign(options, {
        optimizer: network.optimizer, "learning-rate": network.rate, epochs: network.epochs,
      });
    const words = Object.entries(options).map(([name, value]) => `--${name} ${value}`);
    return `python snippets/${snippet}.py ${words.join(" ")}`;
  });
  return [...new Set(lines)];
}
