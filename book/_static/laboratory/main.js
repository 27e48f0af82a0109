/** What runs in a page with a laboratory: the page of its own, or the small ones of a chapter. */

import { begin } from "./chapter.js";
import { Laboratory } from "./page.js";
import { TEXTS } from "./texts.js";

const [before, train, share] = ["before", "train", "share"].map((part) =>
  document.getElementById(`laboratory-${part}`));
if (before)
  try {
    new Laboratory({ before, train, share });
  } catch (error) {
    before.textContent = TEXTS.fault;
    console.error(error);
  }
/** @type {NodeListOf<HTMLElement>} */
const places = document.querySelectorAll(".laboratory.small");
places.forEach(begin);
