"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- glorot2010 ---
    "estándar (ec. 1)": "standard (eq. 1)",
    "normalizada (ec. 16)": "normalized (eq. 16)",
    "activación h": "activation h",
    "gradiente δ": "gradient δ",
    "gradiente ∂L/∂W": "gradient ∂L/∂W",
    "valor singular medio de la jacobiana": "mean singular value of the Jacobian",
    "midiendo": "measuring",
    "artículo: ≈ {}": "paper: ≈ {}",
    "Red tanh de {} capas de {} unidades recién sorteada. {}": (
        "Tanh network of {} layers of {} units, just drawn. {}"
    ),
    "Con la inicialización {}, de la primera capa a la última la activación se multiplica por "
    "{}; el δ, de la última a la primera, por {}; el gradiente de los pesos varía en un factor "
    "{}, y el valor singular medio es {}.": (
        "With the {} initialization, from the first layer to the last the activation is "
        "multiplied by {}; δ, from the last to the first, by {}; the weight gradient varies by a "
        "factor of {}, and the mean singular value is {}."
    ),
    "inicialización": "initialization",
    "h, última/primera": "h, last/first",
    "δ, primera/última": "δ, first/last",
    "valor singular medio": "mean singular value",
    "(artículo)": "(paper)",
    "la regla": "the rule",
    "mayor que 0": "greater than 0",
    "valor eficaz de los píxeles": "rms of the pixels",
    "Repite las figuras 6, 7 y 8 de Glorot y Bengio (2010) con una red tanh.": (
        "Repeats figures 6, 7 and 8 of Glorot and Bengio (2010) with a tanh network."
    ),
    # --- hanin2018 ---
    "uniforme de 50": "even, of 50",
    "uniforme de 32": "even, of 32",
    "acordeón de 80 y 20": "accordion of 80 and 20",
    "escalón de 80 a 20": "step from 80 to 20",
    "uniforme de 20": "even, of 20",
    "redes": "networks",
    "anchura media de las capas": "mean width of the layers",
    "varianza del logaritmo": "variance of the logarithm",
    "ley exacta": "exact law",
    "Varianza del logaritmo del tamaño de la activación en cinco redes de 20 capas. Frente a la "
    "anchura media los puntos se desordenan; frente a la suma de 1/n caen casi en la recta. {}.": (
        "Variance of the logarithm of the size of the activation in five networks of 20 layers. "
        "Against the mean width the points are out of order; against the sum of 1/n they fall "
        "almost on the line. {}."
    ),
    "{}: {} con suma {}": "{}: {} with sum {}",
    "red": "network",
    "varianza del log.": "variance of the log.",
    "intervalo 95 %": "95% interval",
    "(ley exacta)": "(exact law)",
    "la forma": "the shape",
    "redes de cada forma": "networks of each shape",
    "Mide cuánto varía la activación de una red a otra, según la forma de la red.": (
        "Measures how much the activation varies from network to network, for each shape of "
        "network."
    ),
    # --- he2015 ---
    "entrenando": "training",
    "{} capas": "{} layers",
    "pérdida (entrenamiento)": "loss (training)",
    "Pérdida de cada entrenamiento de una red ReLU, hasta que aprende. {}": (
        "Loss of each training of a ReLU network, until it learns. {}"
    ),
    "Con {} capas y {}, aprenden {}; épocas: {}.": "With {} layers and {}, {} learn; epochs: {}.",
    "converge antes": "converges earlier",
    "converge": "converges",
    "se estanca": "stalls",
    "capas": "layers",
    "inicializador": "initializer",
    "aprenden": "learn",
    "{} de {}": "{} of {}",
    "tras (épocas)": "after (epochs)",
    "Entrena redes ReLU de 22 y 30 capas con Xavier y con He.": (
        "Trains ReLU networks of 22 and 30 layers with Xavier and with He."
    ),
    # --- lu2019 ---
    "> 90 % (entrenadas)": "> 90% (trained)",
    "sorteando": "drawing",
    "capas, contando la de salida": "layers, counting the output one",
    "redes nacidas muertas": "networks born dead",
    "unidades por capa\n(puntos: medido · línea: una sola entrada, exacto)": (
        "units per layer\n(points: measured · line: a single input, exact)"
    ),
    "Probabilidad de que una red ReLU nazca muerta según el número de capas: crece con ellas y "
    "baja con la anchura. Con diez capas: {}. Los puntos quedan por debajo de la probabilidad de "
    "que muera una sola entrada.": (
        "Probability that a ReLU network is born dead by number of layers: it grows with them "
        "and falls with the width. With ten layers: {}. The points lie below the probability "
        "that a single input dies."
    ),
    "{} unidades, {}": "{} units, {}",
    "unidades por capa": "units per layer",
    "nacidas muertas ({} capas)": "born dead ({} layers)",
    "(una entrada)": "(one input)",
    "redes por semilla": "networks per seed",
    "Cuenta cuántas redes ReLU nacen muertas, según su profundidad y su anchura.": (
        "Counts how many ReLU networks are born dead, by depth and width."
    ),
    # --- saxe2013 ---
    "gaussiana": "Gaussian",
    "ortogonal": "orthogonal",
    "multiplicando": "multiplying",
    "ortogonal, las que sean": "orthogonal, however many",
    "valor singular": "singular value",
    "parte de ellos por debajo": "share of them below",
    "artículo": "paper",
    "matrices multiplicadas": "matrices multiplied",
    "valores propios en el origen": "eigenvalues at the origin",
    "Valores singulares y propios de un producto de matrices al azar. {}": (
        "Singular values and eigenvalues of a product of random matrices. {}"
    ),
    "Clase {}, producto de {}: valores singulares de {} a {}, y {} de los valores propios en la "
    "casilla del origen.": (
        "Kind {}, product of {}: singular values from {} to {}, and {} of the eigenvalues in the "
        "box at the origin."
    ),
    "cuántas": "how many",
    "menor": "smallest",
    "mayor": "largest",
    "en el origen": "at the origin",
    "(teoría)": "(theory)",
    "la clase": "the kind",
    "matrices que se multiplican": "matrices that are multiplied",
    "Mide los valores singulares y propios de un producto de matrices al azar.": (
        "Measures the singular values and eigenvalues of a product of random matrices."
    ),
    # --- schoenholz2017 ---
    "hacen falta {} capas o más; recibidas: {}": "{} layers or more are needed; received: {}",
    "ln χ: cambio de δ² por capa": "ln χ: change of δ² per layer",
    "ξ, en capas": "ξ, in layers",
    "A la izquierda, cuánto cambia por capa el logaritmo del cuadrado del gradiente de una red "
    "tanh según la varianza de los pesos: negativo, luego positivo; los puntos medidos siguen la "
    "línea de la teoría, que cruza el cero en {}. A la derecha, la escala de profundidad, que "
    "crece sin límite al acercarse a ese valor.": (
        "On the left, how much the logarithm of the square of the gradient of a tanh network "
        "changes per layer, by variance of the weights: negative, then positive; the measured "
        "points follow the line of theory, which crosses zero at {}. On the right, the depth "
        "scale, which grows without bound near that value."
    ),
    "azar": "chance",
    "aciertos (entrenamiento)": "accuracy (training)",
    "capas ocultas": "hidden layers",
    "capas ocultas / ξ": "hidden layers / ξ",
    "Aciertos tras el entrenamiento de redes tanh de la fase ordenada. Frente a la profundidad, "
    "cada varianza de los pesos cae en un sitio; frente a la profundidad medida en escalas ξ, "
    "las tres caen casi juntas. Mitad de aciertos: {}.": (
        "Accuracy after training of tanh networks of the ordered phase. Against depth, each "
        "variance of the weights falls at a place of its own; against depth measured in scales "
        "ξ, the three fall almost together. Half the accuracy: {}."
    ),
    "a {} ξ con varianza {}": "at {} ξ with variance {}",
    "(semillas)": "(seeds)",
    "(ξ, teoría)": "(ξ, theory)",
    "σ_w², varianza de los pesos por el número de entradas": (
        "σ_w², variance of the weights times the number of inputs"
    ),
    "Mide en cuántas capas cambia por e el gradiente de una red tanh.": (
        "Measures in how many layers the gradient of a tanh network changes by e."
    ),
    "ln χ": "ln χ",
}

#: Names that read the same in both.
SAME = ("accordion",)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
