// Reads settings of networks; prints what the page's theory says of them.
import { readFileSync } from "node:fs";
import { predict } from "../../book/_static/laboratory/theory.js";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(JSON.stringify(settings.map(predict)));
