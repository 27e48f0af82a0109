/** The digits of lab.data, as `book/_ext/laboratory.py` packs them, standardized as there. */

import { INPUTS } from "./network.js";

/**
 * From their Base64, {train, test}, each {x: Float32Array (count × 64), y: Uint8Array (count)}.
 *
 * @param {string} packed
 */
export async function load(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
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
