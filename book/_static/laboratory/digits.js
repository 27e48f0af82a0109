/** The digits of lab.data, as `book/_ext/laboratory.py` packs them, standardized as there. */

import { INPUTS } from "./network.js";

const PACKED = new URL("digits.bin", import.meta.url);

/** Return {train, test}, each {x: Float32Array (count × 64), y: Uint8Array (count)}. */
export async function load() {
  const answer = await fetch(PACKED);
  if (!answer.ok) throw new Error(`digits.bin: ${answer.status}`);
  const stream = answer.body.pipeThrough(new DecompressionStream("deflate"));
  return unpack(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** Unpack: how many train and test (two bytes each), the labels, the pixels, row by row. */
export function unpack(bytes) {
  const [trained, tested] = new Uint16Array(bytes.slice(0, 4).buffer);
  const labels = bytes.subarray(4, 4 + trained + tested);
  const pixels = bytes.subarray(4 + labels.length);
  const seen = pixels.subarray(0, trained * INPUTS);
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  const square = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length;
  const x = Float32Array.from(pixels, (value) => (value - mean) / Math.sqrt(square));
  return {
    train: { x: x.subarray(0, trained * INPUTS), y: labels.subarray(0, trained) },
    test: { x: x.subarray(trained * INPUTS), y: labels.subarray(trained) },
  };
}
