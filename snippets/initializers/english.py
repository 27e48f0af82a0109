"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- xavier_directions ---
    "cuadrada": "square",
    "embudo": "funnel",
    "acordeón": "accordion",
    "1 / entradas": "1 / inputs",
    "1 / salidas": "1 / outputs",
    "2 / (entradas + salidas)": "2 / (inputs + outputs)",
    "1 / √(entradas × salidas)": "1 / √(inputs × outputs)",
    "señal z\n(capa 1 = 1)": "signal z\n(layer 1 = 1)",
    "gradiente δ\n(última capa = 1)": "gradient δ\n(last layer = 1)",
    "Señal hacia delante y gradiente hacia atrás, capa a capa, según la forma de la red y la "
    "varianza de los pesos. Al final de la ida y de la vuelta: {}.": (
        "Signal forward and gradient backward, layer by layer, for each shape of network and each "
        "variance of the weights. At the end of the way forward and of the way back: {}."
    ),
    "red {}, {}, {} y {}": "{} network, {}, {} and {}",
    "ceros": "zeros",
    "constante": "constant",
    "constante + ruido": "constant + noise",
    "al azar": "random",
    "entrenando": "training",
    "{} {}\naciertos: {} %": "{} {}\naccuracy: {}%",
    "unidad distinta": "different unit",
    "unidades distintas": "different units",
    "primera capa,\nantes": "first layer,\nbefore",
    "primera capa,\ndespués": "first layer,\nafter",
    "segunda capa,\ndespués": "second layer,\nafter",
    "Pesos de una red antes y después de entrenar, con cada comienzo. Unidades distintas en la "
    "segunda capa y aciertos: {}.": (
        "Weights of a network before and after training, for each start. Different units in the "
        "second layer and accuracy: {}."
    ),
    "comienzo": "start",
    "unidades distintas (capa 2)": "different units (layer 2)",
    "rango (capa 2)": "rank (layer 2)",
    "mayor cambio de un peso": "largest change of a weight",
    "aciertos (prueba)": "accuracy (test)",
    "el comienzo": "the start",
    "Entrena una red que empieza con pesos iguales y mira si llegan a distinguirse.": (
        "Trains a network that starts from equal weights and sees whether they ever differ."
    ),
    "HeNormal, una por capa": "HeNormal, one per layer",
    "HeNormal, una instancia para todas": "HeNormal, one instance for all",
    "TruncatedNormal con σ = √(2/n)": "TruncatedNormal with σ = √(2/n)",
    "midiendo": "measuring",
    "activación h (entrada = 1)": "activation h (input = 1)",
    "Activación a lo largo de {} capas ReLU. En la última capa: {}. Entre semillas, la instancia "
    "compartida varía {} veces.": (
        "Activation along {} ReLU layers. In the last layer: {}. Between seeds, the shared "
        "instance varies {} times."
    ),
    "pesos": "weights",
    "desviación / √(2/n)": "deviation / √(2/n)",
    "mayor peso / √(2/n)": "largest weight / √(2/n)",
    "capas iguales a la anterior": "layers equal to the one before",
    "h, última capa": "h, last layer",
    "máx / mín entre semillas": "max / min between seeds",
    "Mide dos trampas de los inicializadores de Keras en una red ReLU.": (
        "Measures two traps of the Keras initializers in a ReLU network."
    ),
    "todos σ": "all σ",
    "normal de desviación σ": "normal with deviation σ",
    "la misma σ": "the same σ",
    "una capa": "one layer",
    "{} capas lineales": "{} linear layers",
    "anchura n": "width n",
    "valor eficaz de z": "rms of z",
    "Valor eficaz de la preactivación según la anchura, con σ = {}. De la red más estrecha a la "
    "más ancha: {}.": (
        "Rms of the preactivation by width, with σ = {}. From the narrowest network to the "
        "widest: {}."
    ),
    "{}, de {} a {}": "{}, from {} to {}",
    "mayor que 0": "greater than 0",
    "desviación típica de los pesos": "standard deviation of the weights",
    "Mide cómo crece una suma de n términos, en una capa y en muchas.": (
        "Measures how a sum of n terms grows, in one layer and in many."
    ),
    "hacia delante: E[h²] / E[z²]": "forward: E[h²] / E[z²]",
    "hacia atrás: E[δ²] / E[(Wᵀδ)²]": "backward: E[δ²] / E[(Wᵀδ)²]",
    "parte que pasa\n({})": "share that gets through\n({})",
    "teoría": "theory",
    "Parte de la señal que deja pasar cada activación, capa a capa, hacia delante y hacia atrás. "
    "Medias: {}.": (
        "Share of the signal that each activation lets through, layer by layer, forward and "
        "backward. Means: {}."
    ),
    "combinación": "combination",
    "hacia delante": "forward",
    "hacia atrás": "backward",
    "Mide qué parte de la señal deja pasar cada activación, en los dos sentidos.": (
        "Measures which share of the signal each activation lets through, in both directions."
    ),
    "redes": "networks",
    "{} unidades por capa": "{} units per layer",
    "con {} unidades, de {} a {}": "with {} units, from {} to {}",
    "tamaño de la señal, E[h²]": "size of the signal, E[h²]",
    "Cada línea es una red ReLU con He. Tras {} capas, el 95 % de las redes está en un abanico "
    "que se cierra al ensancharlas: {}.": (
        "Each line is a ReLU network with He. After {} layers, 95% of the networks lie in a fan "
        "that closes as they are widened: {}."
    ),
    "media del logaritmo": "mean of the logarithm",
    "varianza del logaritmo": "variance of the logarithm",
    "Σ 1/n, suma sobre las capas": "Σ 1/n, sum over the layers",
    "primer orden: 5 · Σ 1/n, y −5/2 · Σ 1/n": "first order: 5 · Σ 1/n, and −5/2 · Σ 1/n",
    "ley exacta": "exact law",
    "h, medido": "h, measured",
    "δ, medido": "δ, measured",
    "Media y varianza del logaritmo del tamaño de la señal tras {} capas, frente a la suma de "
    "1/n. Los puntos caen sobre la ley exacta, casi una recta. Con {} unidades: media {} y "
    "varianza {}; ley exacta, {} y {}.": (
        "Mean and variance of the logarithm of the size of the signal after {} layers, against "
        "the sum of 1/n. The points fall on the exact law, almost a straight line. With {} "
        "units: mean {} and variance {}; exact law, {} and {}."
    ),
    "unidades": "units",
    "media": "mean",
    "mediana": "median",
    "95 % de las redes": "95% of the networks",
    "varianza del log.": "variance of the log.",
    "(ley exacta)": "(exact law)",
    "Mide cuánto se aparta cada red de la media que He conserva.": (
        "Measures how far each network is from the mean that He keeps."
    ),
    "activación h": "activation h",
    "gradiente δ": "gradient δ",
    "gradiente ∂L/∂W": "gradient ∂L/∂W",
    "pérdida": "loss",
    "activación": "activation",
    "semillas que además se entrenan": "seeds that are also trained",
    "pérdida (entrenamiento)": "loss (training)",
    "época": "epoch",
    "Red {} de {} capas. {}": "{} network of {} layers. {}",
    "Con {}, la activación de la última capa vale {}, el δ de la primera {} y la pérdida tras "
    "entrenar {}.": (
        "With {}, the activation of the last layer is {}, the δ of the first {} and the loss "
        "after training {}."
    ),
    "inicializador": "initializer",
    "δ, capa 1": "δ, layer 1",
    "∂L/∂W, capa 1": "∂L/∂W, layer 1",
    "pérdida final": "final loss",
    "Compara Xavier con He en una red profunda, antes y durante el entrenamiento.": (
        "Compares Xavier with He in a deep network, before and during training."
    ),
    "azar": "chance",
    "desviación típica σ": "standard deviation σ",
    "Una red de {} capas con pesos de desviación σ. Activación en la última capa, gradiente en "
    "la primera y aciertos tras entrenar: {}.": (
        "A network of {} layers with weights of deviation σ. Activation in the last layer, "
        "gradient in the first and accuracy after training: {}."
    ),
    "saturadas, última capa": "saturated, last layer",
    "δ, primera capa": "δ, first layer",
    "semillas que se entrenan": "seeds that are trained",
    "Mide y entrena la misma red con pesos de distinto tamaño.": (
        "Measures and trains the same network with weights of different size."
    ),
    "(puntos: medido · línea: teoría)": "(points: measured · line: theory)",
    "red": "network",
    "varianza de los pesos": "variance of the weights",
    "z, última capa / primera": "z, last layer / first",
    "δ, primera capa / última": "δ, first layer / last",
    "la forma": "the shape",
    "la regla": "the rule",
    "la activación": "the activation",
    "Mide si la varianza se mantiene a la ida y a la vuelta, según la forma de la red.": (
        "Measures whether the variance is kept on the way forward and back, for each shape of "
        "network."
    ),
    "Glorot × 4, centrada": "Glorot × 4, centered",
    "diferencia entre imágenes\n(desviación de h)": "difference between images\n(deviation of h)",
    "puntos: medido · línea: teoría": "points: measured · line: theory",
    "Red de {} capas de sigmoides sin entrenar, con tres comienzos. Diferencia entre imágenes en "
    "la última capa; gradiente que llega a la primera: {}.": (
        "Untrained network of {} layers of sigmoids, with three starts. Difference between "
        "images in the last layer; gradient that reaches the first: {}."
    ),
    "valor eficaz de h, última capa": "rms of h, last layer",
    "diferencia entre imágenes, última capa": "difference between images, last layer",
    "comienzo ({})": "start ({})",
    "Mide una red de sigmoid con Glorot, y con lo que a Glorot le falta.": (
        "Measures a sigmoid network with Glorot, and with what Glorot lacks."
    ),
    "Aciertos de redes de sigmoides entrenadas, según su número de capas. {}.": (
        "Accuracy of trained networks of sigmoids, by number of layers. {}."
    ),
    "{} capas, {} %": "{} layers, {}%",
    "capas": "layers",
    "Entrena redes de sigmoides cada vez más profundas, con Glorot y con lo que le falta.": (
        "Trains deeper and deeper networks of sigmoids, with Glorot and with what it lacks."
    ),
    "una por capa": "one per layer",
    "una instancia para todas": "one instance for all",
    "¿Tienen los mismos pesos? {}": "Do they have the same weights? {}",
    "centrada": "centered",
    "iguales a los de Keras: {}": "equal to those of Keras: {}",
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
