// Reads packed digits; prints what the page makes of them.
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { unpack } from "../../book/_static/laboratory/digits.js";

const { train, test } = unpack(new Uint8Array(inflateSync(readFileSync(process.argv[2]))));
const plain = ({ x, y }) => ({ x: Buffer.from(x.slice().buffer).toString("base64"), y: Array.from(y) });
process.stdout.write(JSON.stringify({ train: plain(train), test: plain(test) }));
