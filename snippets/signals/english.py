"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- backprop_check ---
    "preactivación z": "preactivation z",
    "activación h": "activation h",
    "gradiente δ": "gradient δ",
    "gradiente ∂L/∂W": "gradient ∂L/∂W",
    "resolución de float32": "resolution of float32",
    "diferencia relativa": "relative difference",
    "Diferencia relativa entre Keras y NumPy en cada capa y cada señal, en escala logarítmica. "
    "La mayor de cada red: {}.": (
        "Relative difference between Keras and NumPy in each layer and each signal, on a "
        "logarithmic scale. The largest of each network: {}."
    ),
    "red": "network",
    "Compara la retropropagación escrita a mano con la de Keras.": (
        "Compares backpropagation written by hand with that of Keras."
    ),
    # --- float_limits ---
    "midiendo {}": "measuring {}",
    "mayor": "largest",
    "menor": "smallest",
    "0 exacto": "0 exactly",
    "el {} número de float32": "the {} number of float32",
    "Dos redes de {} capas en float32 (puntos) y en float64 (línea). A la izquierda, la "
    "activación de la red que crece: los puntos acaban en la capa {}, donde la recta cruza {}; a "
    "partir de ahí solo hay infinitos y NaN. A la derecha, el gradiente de la red que encoge: "
    "entre la capa 1 y la {} es exactamente cero.": (
        "Two networks of {} layers in float32 (points) and in float64 (line). On the left, the "
        "activation of the network that grows: the points end at layer {}, where the line "
        "crosses {}; from there on there are only infinities and NaN. On the right, the gradient "
        "of the network that shrinks: between layer 1 and layer {} it is exactly zero."
    ),
    "señal": "signal",
    "capa": "layer",
    "Lleva dos redes profundas más allá de los límites de float32.": (
        "Takes two deep networks beyond the limits of float32."
    ),
    # --- frozen_layers ---
    "entrenando": "training",
    "{}: pérdida {}, capa 1 {}": "{}: loss {}, layer 1 {}",
    "ln 10: decir a todo lo mismo": "ln 10: the same answer to all",
    "pérdida (entrenamiento)": "loss (training)",
    "cuánto se mueven los pesos": "how far the weights move",
    "ni un bit": "not one bit",
    "Pérdida durante {} épocas y, al final, cuánto se ha movido cada capa. {}. Capas que no han "
    "cambiado ni un bit: {}.": (
        "Loss over {} epochs and, at the end, how far each layer has moved. {}. Layers that have "
        "not changed by one bit: {}."
    ),
    "movimiento": "movement",
    "pesos intactos": "untouched weights",
    "pérdida": "loss",
    "Entrena la red y mide cuánto se mueven los pesos de cada capa.": (
        "Trains the network and measures how far the weights of each layer move."
    ),
    # --- jacobian_product ---
    "gaussiana": "Gaussian",
    "ortogonal": "orthogonal",
    "multiplicando": "multiplying",
    "el mayor": "the largest",
    "valor eficaz": "rms",
    "mediana": "median",
    "matrices multiplicadas": "matrices multiplied",
    "valor singular": "singular value",
    "la mitad de\nlas direcciones": "half of\nthe directions",
    "Valores singulares del producto de hasta {} matrices, en escala logarítmica. {}.": (
        "Singular values of the product of up to {} matrices, on a logarithmic scale. {}."
    ),
    "{} con factor {}: el mayor {}, la mediana {}": (
        "{} with factor {}: the largest {}, the median {}"
    ),
    "mayores que 0.1": "greater than 0.1",
    "{} de {}": "{} of {}",
    "mayor que 0": "greater than 0",
    "σ_w, el factor de cada matriz": "σ_w, the factor of each matrix",
    "activación ({})": "activation ({})",
    "Mide los valores singulares de un producto de jacobianas.": (
        "Measures the singular values of a product of Jacobians."
    ),
    # --- signal_histograms ---
    "midiendo": "measuring",
    "Histogramas de la activación y del gradiente en las {} capas. {}.": (
        "Histograms of the activation and of the gradient in the {} layers. {}."
    ),
    "{} en la capa {}, {}": "{} in layer {}, {}",
    "pesos": "weights",
    "h, capa 1": "h, layer 1",
    "h, capa {}": "h, layer {}",
    "δ, capa {}": "δ, layer {}",
    "δ, capa 1": "δ, layer 1",
    "Mide cómo de grandes son los valores de un lote en cada capa, ida y vuelta.": (
        "Measures how large the values of a batch are in each layer, forward and back."
    ),
}

#: Names that read the same in both.
SAME = ("auto",)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
