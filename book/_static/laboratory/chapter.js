/** A few controls and figures of the laboratory, in the middle of a chapter. */

import { Engine, control, element, group, latest } from "./elements.js";
import { fromLink, networks, toLink } from "./settings.js";
import { Signals } from "./signals.js";
import { TEXTS } from "./texts.js";

let engine = null; // of all that are in this page
let count = 0;

/**
 * Fill a place: `data-settings` as in a link, `data-controls` and `data-figures` by their names.
 *
 * What stands in it, a link to the whole laboratory, stays, and takes the settings along.
 *
 * @param {HTMLElement} place
 */
export function begin(place) {
  engine ??= new Engine();
  const { settings } = fromLink(place.dataset.settings);
  const signals = new Signals(engine, place.dataset.figures.split(" "));
  const link = place.querySelector("a"), page = link.href.replace(/#.*/, "");
  link.href = page + toLink(settings);
  const names = settings.versus ? TEXTS.names : [""];
  const measure = latest(async () => {
    place.setAttribute("aria-busy", "true");
    try {
      await signals.measure(networks(settings), names);
      place.setAttribute("aria-busy", "false");
    } catch (error) {
      signals.reading.textContent = TEXTS.fault;
      console.error(error);
    }
  });
  const number = count++;
  const controls = place.dataset.controls.split(" ").map((name) => {
    const made = control(`lab-${number}-${name}`, name, TEXTS.labels[name], (value) => {
      settings[name] = value;
      made.show(value);
      link.href = page + toLink(settings);
      measure();
    });
    made.show(settings[name]);
    return made.node;
  });
  const legend = element("p", { className: "legend", textContent: TEXTS.pointsAndLines });
  place.prepend(group(TEXTS.network, ...controls), signals.figures, legend, signals.reading);
  measure();
}
