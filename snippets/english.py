"""What the most used experiments and the door say in English: Spanish template → English template.

Here are, too, the texts that cells of the book put into a figure themselves.
"""

ENGLISH = {
    # --- __main__ ---
    "Los más usados": "The most used",
    "La señal, de ida y de vuelta": "The signal, forward and back",
    "Funciones de activación": "Activation functions",
    "Los pesos iniciales": "The initial weights",
    "Activación e inicialización juntas": "Activation and initialization together",
    "Redes que no aprenden": "Networks that do not learn",
    "Otras capas, otras cuentas": "Other layers, other sums",
    "Hasta el transformer": "As far as the transformer",
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
        "there is no experiment “{}”. {}With “python {}” you see them all."
    ),
    "«{}» ha cambiado de sitio. Escribe: {}": "“{}” has moved. Type: {}",
    # --- before_after ---
    "el gradiente ∂L/∂W más débil, antes de entrenar": (
        "the weakest gradient ∂L/∂W, before training"
    ),
    "aciertos tras entrenar (prueba)": "accuracy after training (test)",
    "Un punto por red entrenada. Las {} redes que se quedan por debajo de la mitad de los "
    "aciertos tenían, antes de entrenar, gradientes de como mucho {}; las {} que pasan de "
    "ahí, de {} o más.": (
        "A point for each trained network. The {} networks that stay below an accuracy of one half "
        "had, before training, gradients of at most {}; the {} that get beyond it, of {} or more."
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
    "δ en la capa 1": "δ at layer 1",
    "Gradiente δ que llega a la capa 1 según la profundidad de la red, en escala "
    "logarítmica: casi todo son rectas. Con {} capas: {}.": (
        "Gradient δ that reaches layer 1 by the depth of the network, on a logarithmic scale: "
        "almost all are straight lines. With {} layers: {}."
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
    "Activaciones y gradientes, capa a capa, en redes de {} capas sin entrenar. δ que llega "
    "a la capa 1: {}.": (
        "Activations and gradients, layer by layer, in untrained networks of {} layers. The δ that "
        "reaches layer 1: {}."
    ),
    "Gradiente de los pesos, capa a capa, en redes de {} capas sin entrenar. En la capa 1 y "
    "en la última: {}.": (
        "Weight gradient, layer by layer, in untrained networks of {} layers. At layer 1 and at "
        "the last one: {}."
    ),
    "capa 1": "layer 1",
    "capa {}": "layer {}",
    "última": "last",
    "Mide activaciones y gradientes, capa a capa, antes de entrenar.": (
        "Measures activations and gradients, layer by layer, before training."
    ),
    # --- scaled_weights ---
    "entrenando": "training",
    "puntos: medido": "points: measured",
    "línea: teoría": "line: theory",
    "banda: de la red que menos a la que más": "band: from the least network to the most",
    "antes de entrenar": "before training",
    "durante el entrenamiento": "during training",
    "Las mismas redes ReLU con los mismos pesos multiplicados por un número. Para cada uno, "
    "el gradiente δ que llega a la capa 1 antes de entrenar y los aciertos al final: {}.": (
        "The same ReLU networks with the same weights multiplied by a number. For each of these, "
        "the gradient δ that reaches layer 1 before training and the accuracy at the end: {}."
    ),
    "por {}, {} y {}": "by {}, {} and {}",
    "por azar": "by chance",
    "todos": "all",
    "aciertos": "accuracy",
    "Aciertos por época de dos redes, A y B, varias veces cada una. Las curvas de B suben "
    "hasta acertar casi siempre; las de A se quedan un poco por encima del azar.": (
        "Accuracy by epoch of two networks, A and B, several times each. The curves of B rise "
        "until they are right almost always; those of A stay a little above chance."
    ),
    "gradiente δ que llega a la capa": "gradient δ that reaches the layer",
    "gradiente δ que llega a la capa {}": "gradient δ that reaches layer {}",
    "× {}: diverge": "× {}: diverges",
    "aciertos (prueba)": "accuracy (test)",
    "pesos de Glorot por": "Glorot weights times",
    "diverge": "diverges",
    "por cuánto se multiplican los pesos": "what the weights are multiplied by",
    "Multiplica los mismos pesos iniciales por varios números y entrena cada red.": (
        "Multiplies the same initial weights by several numbers and trains each network."
    ),
    # --- trainable_depth ---
    "entrenando {}": "training {}",
    "antes: δ₁ / δ última": "before: δ₁ / last δ",
    "antes: peor ∂L/∂W": "before: worst ∂L/∂W",
    "después: aciertos (%)": "after: accuracy (%)",
    "Tres mapas con las mismas filas (parejas) y columnas (profundidades). Los huecos "
    "coinciden: donde el gradiente no llega, la red no aprende. Última profundidad con más "
    "de la mitad de aciertos: {}.": (
        "Three maps with the same rows (pairs) and columns (depths). The gaps coincide: where the "
        "gradient does not arrive, the network does not learn. Last depth with an accuracy above "
        "one half: {}."
    ),
    "{}, {} capas": "{}, {} layers",
    "sin límite": "no limit",
    "{} capas": "{} layers",
    "Entrena cada combinación a varias profundidades y dice hasta dónde aprende.": (
        "Trains each combination at several depths and says how far it learns."
    ),
    # --- training_grid ---
    "pérdida (entrenamiento)": "loss (training)",
    "Pérdida y aciertos durante {} épocas. Aciertos al final: {}.": (
        "Loss and accuracy during {} epochs. Accuracy at the end: {}."
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
    "azar": "chance",
    "mayor que 0": "greater than 0",
    "capas ocultas": "hidden layers",
    "Tres gráficas a lo largo del entrenamiento: la activación y el gradiente δ de 20 capas "
    "ocultas, y la pérdida, que acaba en {}.": (
        "Three plots over the training: the activation and the gradient δ of 20 hidden layers, "
        "and the loss, which ends at {}."
    ),
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de los experimentos más usados")
