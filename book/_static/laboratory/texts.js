/** All that a reader of the laboratory sees or hears. An edition in another language needs one more. */

const labels = {
  activation: "activación",
  initializer: "inicializador",
  sigma_w: "σ_w",
  depth: "capas ocultas",
  width: "anchura",
  bias: "sesgo inicial",
  seed: "semilla",
  optimizer: "optimizador",
  rate: "tasa de aprendizaje",
  epochs: "épocas",
  versus: "segunda red",
  other: "valor de la segunda red",
};

const values = {
  linear: "lineal",
  sigmoid: "sigmoide",
  tanh: "tanh",
  relu: "ReLU",
  leaky_relu: "Leaky ReLU",
  elu: "ELU",
  gelu: "GELU",
  silu: "SiLU",
  zeros: "ceros",
  constant: "constante (0.05)",
  glorot_uniform: "Glorot uniforme",
  glorot_normal: "Glorot normal",
  he_normal: "He normal",
  he_uniform: "He uniforme",
  lecun_normal: "LeCun normal",
  orthogonal: "ortogonal",
  sigma_w: "normal, σ_w a elegir",
  sgd: "SGD, momento 0.9",
  adam: "Adam",
};

const superscripts = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const power = (exponent) => `10${[...String(exponent)].map((letter) => superscripts[letter]).join("")}`;

const SPACE = "\u00a0"; // that does not break

/** Write a number as the book does: 0.0312, 1.2 × 10⁻⁵, −3. */
function write(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return "∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const [digits, exponent] = value.toExponential(1).split("e");
  const text = size >= 0.01 && size < 1000
    ? String(Number(value.toPrecision(3)))
    : `${digits} × ${power(Number(exponent))}`;
  return text.replace("-", "−").replaceAll(" ", SPACE);
}
const percent = (share) => `${Math.round(100 * share)}${SPACE}%`;
const list = (parts) => parts.length > 1 ? `${parts.slice(0, -1).join(", ")} y ${parts.at(-1)}` : parts[0];

const valueOf = (name, value) => (name === "versus" ? labels : values)[value] ?? String(value).replace("-", "−");

export const TEXTS = {
  labels, values, write, percent, power, valueOf,

  // Controls
  network: "La red",
  training: "El entrenamiento",
  examples: "Para empezar",
  exampleLinks: [
    ["ReLU: Glorot frente a He", "#versus=initializer&other=he_normal"],
    ["Una sigmoide de diez capas", "#activation=sigmoid&depth=10"],
    ["tanh con σ_w = 1 y con 2", "#activation=tanh&initializer=sigma_w&versus=sigma_w&other=2"],
    ["Un sesgo de −0.5 apaga unidades", "#initializer=he_normal&depth=5&bias=-0.5"],
    ["Adam en vez de SGD", "#versus=optimizer&other=adam"],
  ],
  anotherSeed: "otra",
  versus: "comparar cambiando",
  nothing: "nada: una sola red",
  otherValue: (name) => `${labels[name]}, red B`,
  share: "Copiar el enlace",
  shared: "Enlace copiado.",
  notShared: "No se pudo copiar: el enlace es la dirección de la página.",
  reset: "Volver al principio",
  commandNote: "Las mismas opciones con los experimentos del libro. Las semillas de esta página son suyas: la orden sortea otros pesos de la misma distribución.",
  commandBias: "Estos experimentos no tienen sesgo inicial: miden con cero.",

  // Links
  corrected: (key, text, value) =>
    `El enlace pide ${labels[key]} «${text}», que no sirve; lo más cercano es ${valueOf(key, value)}.`,
  unknown: (key, near) => `El enlace trae «${key}», que no existe; ¿querías decir «${near}»?`,

  // Figures
  layer: "capa",
  epoch: "época",
  names: ["A", "B"],
  h: "señal: valor eficaz de h",
  delta: "gradiente que vuelve: valor eficaz de δ",
  dead: "unidades apagadas",
  saturated: "valores saturados",
  histogram: (name) => `reparto de h en cada capa${name ? `, red ${name}` : ""}`,
  loss: "pérdida (entrenamiento)",
  accuracy: "aciertos (prueba)",
  ratio: "cociente entre paso y peso",
  gradient: "gradiente de los pesos",
  chance: "azar",
  advised: "lo habitual",
  pointsAndLines: "Puntos: medido en tu navegador. Líneas: lo que predice la teoría.",
  startAndNow: "Línea: antes de entrenar. Puntos: ahora.",
  pairs: "Las ocho parejas del libro, con el resto igual. Línea continua, h; a trazos, δ; la raya horizontal es 1. Elige una.",
  pair: (activation, initializer, h, delta) =>
    `${values[activation]} y ${values[initializer]}: h en la última capa, ${write(h)}; δ en la primera, ${write(delta)}`,

  // What moved, for the eye and for a screen reader
  reading: (name, { activation, chosen, sigma_w: sigma, depth, width }, layers, theory) => {
    const first = layers[0], last = layers.at(-1);
    const initializer = chosen === "sigma_w" ? `σ_w = ${sigma}` : values[chosen];
    const said = (measured, predicted) =>
      `${write(measured)}${Number.isNaN(predicted) ? "" : ` (teoría: ${write(predicted)})`}`;
    const most = (key) => Math.max(...layers.map((layer) => layer[key]));
    return `${name ? `Red ${name}. ` : ""}${values[activation]}, ${initializer}, ${depth} ` +
      `${depth === 1 ? "capa" : "capas"} de ${width}. ` +
      `La señal llega a la última capa con ${said(last.h, theory.h.at(-1))} ` +
      `y el gradiente a la primera con ${said(first.delta, theory.delta[0])}. ` +
      `En la peor capa, ${percent(most("dead"))} de unidades apagadas y ` +
      `${percent(most("saturated"))} de valores saturados.`;
  },
  chart: (title, series) => `${title}. ${series.map(({ name, values }) =>
    `${name ? `Red ${name}: ` : ""}en la capa 1, ${write(values[0])}; en la última, ${write(values.at(-1))}`).join(". ")}.`,
  curve: (title, series) => `${title}. ${series.map(({ name, values }) =>
    `${name ? `Red ${name}: ` : ""}${values.length ? write(values.at(-1)) : "aún sin entrenar"}`).join(". ")}.`,

  // Training
  bet: ["Antes de entrenarla, apuesta: ¿en qué aciertos se quedará?", "Antes de entrenarlas, apuesta: ¿cuál acertará más?"],
  bets: [
    { chance: "en el azar (menos del 20 %)", half: "a medias (del 20 al 80 %)", learns: "aprende (80 % o más)" },
    { a: "la A", b: "la B", same: "las dos igual (menos de 5 puntos de diferencia)" },
  ],
  noBet: "prefiero mirar",
  betFirst: "Elige primero qué crees que pasará.",
  train: "Entrenar",
  pause: "Pausa",
  resume: "Seguir",
  step: "Un paso",
  restart: "Empezar de nuevo",
  progress: (epoch, epochs, shares) =>
    `Época ${epoch} de ${epochs}. Aciertos en imágenes que no ha visto: ${list(shares.map(({ name, accuracy }) =>
      `${name ? `${name}, ` : ""}${Number.isNaN(accuracy) ? "al azar" : percent(accuracy)}`))}.`,
  diverged: (name) => `${name ? `La red ${name}` : "La red"} ha divergido: su pérdida ya no es un número.`,
  outcome: (bet, truth, right) => bet === null
    ? `Resultado: ${truth}.`
    : `Apostaste: ${bet}. Resultado: ${truth}. ${right ? "Acertaste." : "No era eso: mira qué capa lo explica."}`,

  // Faults
  fault: "El laboratorio no ha podido calcular. Recarga la página o prueba con un navegador más reciente; mientras tanto, más abajo está lo que mide el libro.",
};
