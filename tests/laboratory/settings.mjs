// Reads ends of links; prints the settings that the page takes from each, and what it says.
import { readFileSync } from "node:fs";
import { COLORS } from "../../book/_static/laboratory/charts.js";
import {
  SETTINGS, commands, fromLink, networks, toLink,
} from "../../book/_static/laboratory/settings.js";
import { TEXTS } from "../../book/_static/laboratory/texts.js";

const links = JSON.parse(readFileSync(process.argv[2], "utf8")).map((hash) => {
  const { settings, notes } = fromLink(hash);
  const orders = ["gradient_flow", "training_grid"].map((snippet) => commands(snippet, settings));
  return { settings, notes, link: toLink(settings), networks: networks(settings), orders };
});
process.stdout.write(JSON.stringify({ links, SETTINGS, COLORS, values: TEXTS.values }));
