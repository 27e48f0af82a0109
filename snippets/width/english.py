"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- coordinate_check ---
    "estándar": "standard",
    "la parametrización": "the parametrization",
    "parametrización ({})": "parametrization ({})",
    "el optimizador": "the optimizer",
    "pasos de entrenamiento": "training steps",
    "redes": "networks",
    "capa {}": "layer {}",
    "anchura": "width",
    "(puntos: medido · línea: teoría)": "(points: measured · line: theory)",
    "cambio propio ({})": "own change ({})",
    "{}, {}, {}: {} (teoría {})": "{}, {}, {}: {} (theory {})",
    "Lo que un paso de entrenamiento cambia en una capa, según la anchura, en escala "
    "logarítmica, dividido por lo que cambia con {} unidades. Pendientes: {}.": (
        "What one training step changes in a layer, by width, on a logarithmic scale, divided by "
        "what it changes with {} units. Slopes: {}."
    ),
    "red": "network",
    "capa": "layer",
    "cuenta": "count",
    "propio, paso 1": "own, step 1",
    "propio, paso {}": "own, step {}",
    "total, paso 1": "total, step 1",
    "Mide cuánto cambia cada capa en los primeros pasos, según la anchura.": (
        "Measures how much each layer changes in the first steps, by width."
    ),
    # --- feature_movement ---
    "entrenando": "training",
    "{}, de {} con {} unidades a {} con {}": "{}, from {} with {} units to {} with {}",
    "cuánto se mueven los rasgos": "how far the features move",
    "cambio de h / h al nacer": "change of h / h at birth",
    "pérdida en la época {}": "loss at epoch {}",
    "A la izquierda, cuánto cambian los rasgos de la última capa oculta al entrenar con SGD, "
    "según la anchura: {}. A la derecha, la pérdida de entrenamiento.": (
        "On the left, how much the features of the last hidden layer change on training with "
        "SGD, by width: {}. On the right, the training loss."
    ),
    "parametrización": "parametrization",
    "rasgos: cambio relativo": "features: relative change",
    "pérdida": "loss",
    "Mide cuánto se mueven los rasgos de una red al entrenarla, según su anchura.": (
        "Measures how far the features of a network move on training, by width."
    ),
    # --- mup_in_keras ---
    "mayor que 0": "greater than 0",
    "ε de Adam": "ε of Adam",
    "anchura en la que nada se escala": "width at which nothing is scaled",
    "paso": "step",
    "diferencia / cambio de los logits": "difference / change of the logits",
    "{} con ε = {}": "{} with ε = {}",
    "Diferencia entre los logits de dos redes en μP, una con multiplicadores y otra con una tasa "
    "por capa, dividida por lo que han cambiado al entrenar. Al final: {}.": (
        "Difference between the logits of two μP networks, one with multipliers and one with a "
        "rate per layer, divided by how much they have changed on training. At the end: {}."
    ),
    "pasos": "steps",
    "diferencia": "difference",
    "Compara dos formas de entrenar en μP con Keras: multiplicadores y tasas por capa.": (
        "Compares two ways of training in μP with Keras: multipliers and rates per layer."
    ),
    # --- rate_transfer ---
    "tasa de aprendizaje": "learning rate",
    "el lote es de {} imágenes y solo hay {}; redúcelo": (
        "the batch is of {} images and there are only {}; make it smaller"
    ),
    "anchuras": "widths",
    "hay {} tasas; para situar la mejor hacen falta 5 o más: repite --learning-rate": (
        "there are {} rates; locating the best takes 5 or more: repeat --learning-rate"
    ),
    "anchura:": "width:",
    "Pérdida al final de un entrenamiento corto según la tasa de Adam, una curva por anchura, "
    "con un círculo en el punto más bajo. Tasa del punto más bajo: {}.": (
        "Loss at the end of a short training by rate of Adam, one curve per width, with a circle "
        "at the lowest point. Rate of the lowest point: {}."
    ),
    "tasa de la menor pérdida": "rate of the smallest loss",
    "Tasa de aprendizaje a la que la pérdida es menor, según la anchura, con su intervalo y la "
    "pendiente que dice la teoría. {}.": (
        "Learning rate at which the loss is smallest, by width, with its interval and the slope "
        "that theory says. {}."
    ),
    "mejor tasa": "best rate",
    "con la mejor de {}": "with the best of {}",
    "Busca la mejor tasa de Adam en cada anchura, y mide si la de una vale en otra.": (
        "Searches for the best rate of Adam at each width, and measures whether that of one will "
        "do for another."
    ),
    # --- scaled_dense ---
    "las capas de μP en Keras que usa el capítulo «Cuando crece la anchura»": (
        "the layers of μP in Keras that the chapter “When the width grows” uses"
    ),
}

#: Names that read the same in both.
SAME = (
    "μP",
    "ntk",
    "narrowest",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
