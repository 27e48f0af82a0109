// Reads (initializer, seed, layer, fan_in, fan_out); prints the weights that the page draws.
import { readFileSync } from "node:fs";
import { draw } from "../../book/_static/laboratory/initializers.js";

const asked = JSON.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(JSON.stringify(asked.map((one) => Array.from(draw(...one)))));
