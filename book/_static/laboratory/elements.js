/** What the page is made of: elements, controls for settings, and workers that compute. */

import { SETTINGS } from "./settings.js";
import { TEXTS } from "./texts.js";

/**
 * An element with properties or attributes, and children.
 *
 * @param {Object<string, any>} properties
 * @param {...(Node | string)} children
 * @returns {any} what `document.createElement` gives
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in made ? (made[name] = value) : made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const button = (textContent, onclick) =>
  element("button", { type: "button", textContent, onclick });

export const group = (title, ...children) =>
  element("fieldset", {}, element("legend", { textContent: title }), ...children);

export const labelled = (id, text, ...children) =>
  element("div", { className: "control" },
    element("label", { htmlFor: id }, ...[text].flat()), ...children);

/**
 * A control for a setting, which tells `changed` the value that is chosen.
 *
 * @returns {{node: HTMLElement, show: (value: any) => void}}
 */
export function control(id, name, text, changed) {
  const setting = SETTINGS[name];
  const make = setting.values ? chooser : setting.typed ? box : slider;
  return make(id, name, text, changed, setting);
}

function chooser(id, name, text, changed, { values }) {
  const options = values.map((value) =>
    element("option", { value, textContent: TEXTS.values[value] }));
  const select = element("select", { id, onchange: () => changed(select.value) }, ...options);
  return { node: labelled(id, text, select), show: (value) => (select.value = value) };
}

function box(id, name, text, changed, { least: min, most: max, near }) {
  const input = element("input", {
    id, type: "number", min, max, onchange: () => changed(near(input.value)),
  });
  return { node: labelled(id, text, input), show: (value) => (input.value = value) };
}

function slider(id, name, text, changed, setting) {
  const { to, from, ...range } = rangeOf(setting);
  const output = element("output", { htmlFor: id });
  const input = element("input", {
    id, type: "range", ...range, oninput: () => changed(from(input.value)),
  });
  const show = (value) => {
    input.value = to(value);
    output.textContent = TEXTS.valueOf(name, value);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  return { node: labelled(id, [text, " ", output], input), show };
}

/** How a slider holds a setting; one without steps, a rate, is a power of ten. */
const rangeOf = ({ least, most, step }) =>
  step
    ? { min: least, max: most, step, to: String, from: Number }
    : {
        min: Math.log10(least), max: Math.log10(most), step: 0.05,
        to: (value) => String(Math.log10(value)),
        from: (text) => Number((10 ** Number(text)).toPrecision(2)),
      };

/** A worker that answers questions, a promise each; `progress` comes without a question. */
export class Engine {
  constructor(progress = (report) => {}) {
    this.waiting = new Map();
    this.asked = 0;
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data: { id, answer, fault } }) => {
      if (id === undefined) return progress(answer);
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      fault ? reject(new Error(fault)) : resolve(answer);
    };
    this.worker.onerror = ({ message }) => {
      for (const { reject } of this.waiting.values()) reject(new Error(message));
    };
  }

  /** @returns {Promise<any>} */
  ask(what, question = {}) {
    const id = this.asked++;
    this.worker.postMessage({ id, what, ...question });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}

/**
 * What does `work` at once, and once more when it ends if it was asked for meanwhile: a slider
 * moves faster than a network is measured.
 *
 * @param {(again: () => boolean) => Promise<void>} work is told whether it has been asked again
 */
export function latest(work) {
  let running = false, again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work(() => again);
    }
    running = false;
  };
}
