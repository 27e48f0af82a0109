"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- activation_curves ---
    "mayor que 0": "greater than 0",
    "extremo del eje z": "end of the z axis",
    "Cada activación con su pendiente; la zona de saturación, sombreada. Pendiente más alta: {}.": (
        "Each activation with its slope; the saturation zone, shaded. Steepest slope: {}."
    ),
    "activación": "activation",
    "φ, de": "φ, from",
    "φ' más alta": "steepest φ'",
    "φ' más baja": "flattest φ'",
    "sin saturar, de z =": "not saturated, from z =",
    "hasta z =": "to z =",
    "Dibuja cada función de activación y su derivada.": (
        "Draws each activation function and its derivative."
    ),
    # --- born_dead ---
    "midiendo": "measuring",
    "para una imagen": "for one image",
    "para todas las imágenes a la vez": "for all images at once",
    "{} unidades": "{} units",
    "capas": "layers",
    "redes muertas": "dead networks",
    "línea: teoría, la misma para las dos": "line: theory, the same for both",
    "Redes ReLU muertas antes de entrenar, según las capas. Con {} capas: {}.": (
        "ReLU networks dead before training, by number of layers. With {} layers: {}."
    ),
    "anchura {}, {} para una imagen (teoría {}), {} para todas": (
        "width {}, {} for one image (theory {}), {} for all"
    ),
    "inicializador": "initializer",
    "anchura": "width",
    "muertas (una imagen)": "dead (one image)",
    "teoría": "theory",
    "muertas (todas)": "dead (all)",
    "el inicializador": "the initializer",
    "inicializador ({})": "initializer ({})",
    "imágenes de «todas a la vez»": "images for “all at once”",
    "Cuenta las redes ReLU que nacen muertas y las compara con su probabilidad exacta.": (
        "Counts the ReLU networks that are born dead and compares them with their exact "
        "probability."
    ),
    # --- dead_at_start ---
    "unidades nunca positivas": "units never positive",
    "parecido entre imágenes (coseno)": "likeness of images (cosine)",
    "Unidades nunca positivas y parecido entre imágenes, capa a capa, antes de entrenar. En la "
    "última capa: {}.": (
        "Units never positive and likeness of images, layer by layer, before training. In the "
        "last layer: {}."
    ),
    "{}, {} de las unidades, coseno {}": "{}, {} of the units, cosine {}",
    "combinación": "combination",
    "apagadas, capa {}": "off, layer {}",
    "coseno, última": "cosine, last",
    "Cuenta, capa a capa, las unidades que ninguna imagen enciende antes de entrenar.": (
        "Counts, layer by layer, the units that no image turns on before training."
    ),
    # --- dead_units ---
    "finito": "finite",
    "tasa de aprendizaje de Adam y, si quieres, sesgo inicial: 0.03, 0.001:-0.5": (
        "learning rate of Adam and, if you like, initial bias: 0.03, 0.001:-0.5"
    ),
    "entrenando": "training",
    "tasa {}{}": "rate {}{}",
    ", sesgo {}": ", bias {}",
    "aciertos (prueba)": "accuracy (test)",
    "Unidades que ninguna imagen enciende y aciertos, época a época, con Adam. Al final: {}.": (
        "Units that no image turns on and accuracy, epoch by epoch, with Adam. At the end: {}."
    ),
    "capa": "layer",
    "Unidades {} apagadas para todas las imágenes, por capa y época. Al final, de la primera "
    "capa a la última: {}.": (
        "{} units off for all images, by layer and epoch. At the end, from the first layer to "
        "the last: {}."
    ),
    "causa": "cause",
    "nunca positivas": "never positive",
    "su gradiente": "their gradient",
    "aciertos": "accuracy",
    "Cuenta las unidades muertas mientras la red entrena, capa a capa.": (
        "Counts the dead units while the network trains, layer by layer."
    ),
    # --- gradient_budget ---
    "los pesos": "the weights",
    "la pendiente más alta de φ": "the steepest slope of φ",
    "no estar en esa pendiente": "not being on that slope",
    "total medido": "measured total",
    "potencias de diez que δ pierde (−) o gana (+)": "powers of ten that δ loses (−) or gains (+)",
    "Barras con lo que los pesos, la pendiente más alta y la distancia a ella dan a δ o le "
    "quitan, en potencias de diez. Total medido: {}.": (
        "Bars with what the weights, the steepest slope and the distance to it give to δ or take "
        "from it, in powers of ten. Measured total: {}."
    ),
    "pesos": "weights",
    "pendiente más alta": "steepest slope",
    "distancia a ella": "distance to it",
    "suma": "sum",
    "medido": "measured",
    "capas ocultas": "hidden layers",
    "Reparte la caída del gradiente entre pesos, pendiente máxima y saturación.": (
        "Divides the fall of the gradient among weights, steepest slope and saturation."
    ),
    # --- leaky_slopes ---
    "entre 0 y 1": "between 0 and 1",
    "pendiente del lado negativo": "slope of the negative side",
    "no linealidad (1 − r²)": "nonlinearity (1 − r²)",
    "media de h / valor eficaz": "mean of h / rms",
    "crecimiento de E[z²] con He": "growth of E[z²] with He",
    "pendiente a": "slope a",
    "1\nlineal": "1\nlinear",
    "Lo que cambia con la pendiente del lado negativo, de 0 (ReLU) a 1 (lineal), en redes de {} "
    "capas: {}.": (
        "What changes with the slope of the negative side, from 0 (ReLU) to 1 (linear), in "
        "networks of {} layers: {}."
    ),
    "{}: no linealidad {}, media {}, crecimiento con He {}": (
        "{}: nonlinearity {}, mean {}, growth with He {}"
    ),
    "pendiente": "slope",
    "no linealidad": "nonlinearity",
    "media / valor eficaz": "mean / rms",
    "ceros": "zeros",
    "crecimiento con He": "growth with He",
    "Mide el precio de dejar pasar valores negativos, pendiente a pendiente.": (
        "Measures the price of letting negative values through, slope by slope."
    ),
    # --- learning_speed ---
    "pérdida (entrenamiento)": "loss (training)",
    "Pérdida de entrenamiento durante {} épocas. Al final, y épocas hasta acertar el {} %: {}.": (
        "Training loss over {} epochs. At the end, and epochs to {}% accuracy: {}."
    ),
    "nunca": "never",
    "épocas hasta el {} %": "epochs to {}%",
    "pérdida final": "final loss",
    "épocas en que sube": "epochs in which it goes up",
    "Mide con qué rapidez y con qué regularidad aprende cada activación.": (
        "Measures how fast and how steadily each activation learns."
    ),
    # --- linear_collapse ---
    "un {}": "a {}",
    "pesos del {}": "weights of {}",
    "resta": "subtracts",
    "Un dígito y tres dibujos de {} × {} píxeles, los pesos de tres clases en la matriz a la que "
    "se reduce una red lineal de {} capas ocultas. La matriz y la red contestan lo mismo en las "
    "{} imágenes, con diferencias de como mucho {} del valor más grande.": (
        "A digit and three pictures of {} × {} pixels, the weights of three classes in the "
        "matrix to which a linear network of {} hidden layers reduces. Matrix and network give "
        "the same answers for the {} images, with differences of at most {} of the largest value."
    ),
    "semilla": "seed",
    "parámetros": "parameters",
    "en una capa": "in one layer",
    "mayor diferencia": "largest difference",
    "predicciones distintas": "different predictions",
    "Reduce una red lineal profunda a una sola matriz y compara sus respuestas.": (
        "Reduces a deep linear network to a single matrix and compares their answers."
    ),
    # --- operating_point ---
    "fuera de la figura: {}": "outside the figure: {}",
    "preactivación z": "preactivation z",
    "{}\ncapa": "{}\nlayer",
    "Histograma de z en cada capa, bajo la pendiente de su activación, con la zona de saturación "
    "sombreada. Valores en esa zona, en el conjunto de las capas: {}.": (
        "Histogram of z in each layer, under the slope of its activation, with the saturation "
        "zone shaded. Values in that zone, over all layers: {}."
    ),
    "φ' eficaz, capa {}": "rms φ', layer {}",
    "saturadas, capa {}": "saturated, layer {}",
    "épocas de entrenamiento antes de mirar": "epochs of training before looking",
    "Muestra en qué parte de la curva caen las preactivaciones de cada capa.": (
        "Shows on which part of the curve the preactivations of each layer fall."
    ),
    # --- path_slopes ---
    "producto de pendientes": "product of slopes",
    "{} caminos por activación. Tras la última capa, la mediana del producto de pendientes es: "
    "{}. Con ReLU cada camino vale uno hasta que una unidad apagada lo corta y vale cero.": (
        "{} paths per activation. After the last layer, the median of the product of slopes is: "
        "{}. With ReLU each path is worth one until a unit that is off cuts it and it is worth "
        "zero."
    ),
    "mediana": "median",
    "el mayor": "the largest",
    "valor eficaz": "rms",
    "caminos abiertos": "open paths",
    "caminos por red": "paths per network",
    "Multiplica las pendientes que encuentra cada camino a través de la red.": (
        "Multiplies the slopes that each path through the network meets."
    ),
    # --- saturation ---
    "sigmoid, con pesos cada vez más grandes": "sigmoid, with larger and larger weights",
    "tanh, con pesos cada vez más grandes": "tanh, with larger and larger weights",
    "tanh, con sesgos cada vez más grandes": "tanh, with larger and larger biases",
    ", con": ", with",
    "sigmoide con Glorot": "sigmoid with Glorot",
    "valores de z en la zona de saturación": "values of z in the saturation zone",
    "factor de δ por capa": "factor of δ per layer",
    "δ no cambia": "δ does not change",
    "Factor de δ por capa según los valores saturados, medido sobre la teoría. {}.": (
        "Factor of δ per layer by share of saturated values, measured over theory. {}."
    ),
    "{}: de {} con {} a {} con {}": "{}: from {} with {} to {} with {}",
    "saturadas": "saturated",
    "factor de δ": "factor of δ",
    "su teoría": "its theory",
    "Satura redes con pesos o con sesgos grandes y mide qué le pasa al gradiente.": (
        "Saturates networks with large weights or biases and measures what happens to the gradient."
    ),
    # --- xor_without_activations ---
    "activación y capas ocultas, como relu:2": "activation and hidden layers, as in relu:2",
    "los puntos": "the points",
    "aciertos: {} %": "accuracy: {}%",
    "Un tablero de 2 × 2 cuadros de dos colores y cómo lo pinta cada red. Aciertos: {}. Las "
    "redes lineales no separan los cuadros.": (
        "A board of 2 × 2 squares of two colors and how each network paints it. Accuracy: {}. "
        "The linear networks do not separate the squares."
    ),
    "peor semilla": "worst seed",
    "mejor semilla": "best seed",
    "pérdida": "loss",
    "Enseña un tablero de 2 × 2 cuadros a redes con y sin activaciones.": (
        "Shows a board of 2 × 2 squares to networks with and without activations."
    ),
    "cada vez ": "cada vez ",
    "{} capa": "{} layer",
    "{}: pesos más grandes →": "{}: larger weights →",
    "{}: sesgos más grandes →": "{}: larger biases →",
    "sigmoide +": "sigmoid +",
    "sesgo {}": "bias {}",
}

#: Names that read the same in both.
SAME = (
    "Greys",
    "arrowstyle",
    "checkerboard",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
