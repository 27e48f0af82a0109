"""What the experiments of this folder say in English: Spanish template → English template."""

ENGLISH = {
    # --- __main__ ---
    "Los más usados": "Most used",
    "La señal, de ida y de vuelta": "The signal, forward and back",
    "Funciones de activación": "Activation functions",
    "Los pesos iniciales": "The initial weights",
    "Activación e inicialización juntas": "Activation and initialization together",
    "Redes que no aprenden": "Networks that do not learn",
    "Otras capas, otras cuentas": "Other layers, other counts",
    "Hasta el transformer": "Up to the transformer",
    "Cuando crece la anchura": "When the width grows",
    "Experimentos publicados, repetidos": "Published experiments, repeated",
    "Lo que dicen las diapositivas": "What the slides say",
    "Cuánto acierta el diagnóstico": "How often the diagnosis is right",
    "uso: python snippets NOMBRE [opciones]": "usage: python snippets NAME [options]",
    "Ejecuta un experimento del libro; «python snippets NOMBRE --help» enseña sus opciones.": (
        "Runs an experiment of the book; “python snippets NAME --help” shows its options."
    ),
    "¿Querías decir {}? ": "Did you mean {}? ",
    "no hay ningún experimento «{}». {}Con «python {}» los ves todos.": (
        "there is no experiment “{}”. {}“python {}” shows them all."
    ),
    "«{}» ha cambiado de sitio. Escribe: {}": "“{}” has moved. Type: {}",
    # --- before_after ---
    "el gradiente ∂L/∂W más débil, antes de entrenar": (
        "the weakest gradient ∂L/∂W, before training"
    ),
    "aciertos tras entrenar (prueba)": "accuracy after training (test)",
    "azar": "chance",
    "Un punto por red entrenada. Las {} redes que se quedan por debajo de la mitad de los "
    "aciertos tenían, antes de entrenar, gradientes de como mucho {}; las {} que pasan de ahí, "
    "de {} o más.": (
        "One point per trained network. The {} networks that stay below half the accuracy had, "
        "before training, gradients of at most {}; the {} that get beyond it, of {} or more."
    ),
    "combinación": "combination",
    "gradiente más débil al empezar": "weakest gradient at the start",
    "aciertos al terminar": "accuracy at the end",
    "Compara el gradiente más débil antes de entrenar con los aciertos después.": (
        "Compares the weakest gradient before training with the accuracy afterwards."
    ),
    # --- depth_sweep ---
    "midiendo": "measuring",
    "profundidad (capas ocultas)": "depth (hidden layers)",
    "δ en la capa 1": "δ in layer 1",
    "Gradiente δ que llega a la capa 1 según la profundidad de la red, en escala logarítmica: "
    "casi todo son rectas. Con {} capas: {}.": (
        "Gradient δ that reaches layer 1 by depth of the network, on a logarithmic scale: almost "
        "all are straight lines. With {} layers: {}."
    ),
    "pesos, σ_w": "weights, σ_w",
    "activación, φ'": "activation, φ'",
    "producto": "product",
    "factor medido": "measured factor",
    "δ con {} capas": "δ with {} layers",
    "Mide el gradiente que llega a la capa 1 en redes cada vez más profundas.": (
        "Measures the gradient that reaches layer 1 in deeper and deeper networks."
    ),
    # --- gradient_flow ---
    "activación h": "activation h",
    "gradiente δ = ∂ℓ/∂z": "gradient δ = ∂ℓ/∂z",
    "gradiente ∂L/∂W": "gradient ∂L/∂W",
    "Activaciones y gradientes, capa a capa, en redes de {} capas sin entrenar. δ que llega a la "
    "capa 1: {}.": (
        "Activations and gradients, layer by layer, in untrained networks of {} layers. δ that "
        "reaches layer 1: {}."
    ),
    "Gradiente de los pesos, capa a capa, en redes de {} capas sin entrenar. En la capa 1 y en "
    "la última: {}.": (
        "Weight gradient, layer by layer, in untrained networks of {} layers. In layer 1 and in "
        "the last: {}."
    ),
    "capa 1": "layer 1",
    "última": "last",
    "Mide activaciones y gradientes, capa a capa, antes de entrenar.": (
        "Measures activations and gradients, layer by layer, before training."
    ),
    # --- scaled_weights ---
    "entrenando": "training",
    "puntos: medido": "points: measured",
    "línea: teoría": "line: theory",
    "banda: de la red que menos a la que más": "band: from the lowest network to the highest",
    "antes de entrenar": "before training",
    "durante el entrenamiento": "during training",
    "Las mismas redes ReLU con los mismos pesos multiplicados por un número. Para cada uno, el "
    "gradiente δ que llega a la capa 1 antes de entrenar y los aciertos al final: {}.": (
        "The same ReLU networks with the same weights multiplied by a number. For each one, the "
        "gradient δ that reaches layer 1 before training and the accuracy at the end: {}."
    ),
    "por {}, {} y {}": "times {}, {} and {}",
    "por azar": "by chance",
    "todos": "all",
    "aciertos": "accuracy",
    "Aciertos por época de dos redes, A y B, varias veces cada una. Las curvas de B suben hasta "
    "acertar casi siempre; las de A se quedan un poco por encima del azar.": (
        "Accuracy by epoch of two networks, A and B, several times each. The curves of B rise "
        "until they are almost always right; those of A stay a little above chance."
    ),
    "gradiente δ que llega a la capa": "gradient δ that reaches the layer",
    "× {}: diverge": "× {}: diverges",
    "aciertos (prueba)": "accuracy (test)",
    "pesos de Glorot por": "Glorot weights times",
    "diverge": "diverges",
    "mayor que 0": "greater than 0",
    "por cuánto se multiplican los pesos": "what the weights are multiplied by",
    "Multiplica los mismos pesos iniciales por varios números y entrena cada red.": (
        "Multiplies the same initial weights by several numbers and trains each network."
    ),
    # --- trainable_depth ---
    "entrenando {}": "training {}",
    "antes: δ₁ / δ última": "before: δ₁ / last δ",
    "antes: peor ∂L/∂W": "before: worst ∂L/∂W",
    "después: aciertos (%)": "after: accuracy (%)",
    "capas ocultas": "hidden layers",
    "Tres mapas con las mismas filas (parejas) y columnas (profundidades). Los huecos coinciden: "
    "donde el gradiente no llega, la red no aprende. Última profundidad con más de la mitad de "
    "aciertos: {}.": (
        "Three maps with the same rows (pairs) and columns (depths). The gaps coincide: where "
        "the gradient does not arrive, the network does not learn. Last depth with more than "
        "half the accuracy: {}."
    ),
    "{}, {} capas": "{}, {} layers",
    "sin límite": "no limit",
    "{} capas": "{} layers",
    "Entrena cada combinación a varias profundidades y dice hasta dónde aprende.": (
        "Trains each combination at several depths and says how deep it learns."
    ),
    # --- training_grid ---
    "pérdida (entrenamiento)": "loss (training)",
    "Pérdida y aciertos durante {} épocas. Aciertos al final: {}.": (
        "Loss and accuracy over {} epochs. Accuracy at the end: {}."
    ),
    "pérdida": "loss",
    "aciertos (prueba), %": "accuracy (test), %",
    "peor semilla, %": "worst seed, %",
    "mejor semilla, %": "best seed, %",
    "divergen": "diverge",
    "{} de {}": "{} of {}",
    "Entrena la misma red con cada combinación de activación e inicialización.": (
        "Trains the same network with each combination of activation and initialization."
    ),
}

#: Names that read the same in both.
SAME = (
    "reproductions",
    "verdicts",
    "checkerboard",
    "checkup",
    "python",
    "purelib",
    "es",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
