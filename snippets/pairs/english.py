"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- adam_and_depth ---
    "activación": "activation",
    "capas ocultas, con Adam": "hidden layers, with Adam",
    "{},\ncon los dos": "{},\nwith both",
    "aciertos (entrenamiento)": "accuracy (training)",
    "Aciertos de redes de {} según la profundidad. {}.": "Accuracy of {} networks by depth. {}.",
    "{} capas {} %": "{} layers {}%",
    "optimizador": "optimizer",
    "inicializador": "initializer",
    "{} capas": "{} layers",
    "Compara hasta qué profundidad aprende una red con SGD y con Adam.": (
        "Compares how deep a network learns with SGD and with Adam."
    ),
    # --- after_he ---
    "Glorot, sin nada más": "Glorot, nothing else",
    "ortogonal × √2": "orthogonal × √2",
    "Glorot + norm. por lotes": "Glorot + batch norm.",
    "Glorot + residual, sin dividir": "Glorot + residual, not divided",
    "el método": "the method",
    "método ({})": "method ({})",
    "entrenando": "training",
    "Aciertos de redes de ReLU con {} capas: {}.": "Accuracy of ReLU networks of {} layers: {}.",
    "diverge": "diverges",
    "método": "method",
    "Entrena redes profundas de ReLU con lo que vino después de He.": (
        "Trains deep ReLU networks with what came after He."
    ),
    # --- cheat_sheet ---
    "unidades muertas": "dead units",
    "valores saturados": "saturated values",
    "contraste": "contrast",
    "δ₁ / δ última": "δ₁ / last δ",
    "δ / δ última": "δ / last δ",
    "paso / peso": "update / weight",
    "h, por capa": "h, per layer",
    "δ, por capa": "δ, per layer",
    "capas: 6 ξ": "layers: 6 ξ",
    "capas: exacto": "layers: exact",
    "mira primero": "look first",
    "sin límite": "no limit",
    "la tabla de la página «Chuleta»": "the table of the page “Cheat sheet”",
    # --- critical_depth ---
    "más de la mitad de aciertos": "more than half the accuracy",
    "la mitad o menos": "half or less",
    "la activación": "the activation",
    "activación ({})": "activation ({})",
    "capas ocultas": "hidden layers",
    "Redes de distinta profundidad y distinto tamaño de pesos sobre la profundidad prevista, 6 "
    "ξ. De {} puntos dentro de la zona prevista pasan de la mitad de aciertos {}; de {} fuera de "
    "ella, {}.": (
        "Networks of different depth and different size of weights over the predicted depth, 6 "
        "ξ. Of {} points inside the predicted zone, {} get beyond half the accuracy; of {} "
        "outside it, {}."
    ),
    "Compara la profundidad que se puede entrenar con la prevista, 6 ξ.": (
        "Compares the depth that can be trained with the predicted one, 6 ξ."
    ),
    # --- factor_per_pair ---
    "Factor por el que cada capa multiplica el gradiente δ, medido (y previsto), por activación "
    "e inicializador. Glorot, LeCun y ortogonal dan la misma columna. {}.": (
        "Factor by which each layer multiplies the gradient δ, measured (and predicted), by "
        "activation and initializer. Glorot, LeCun and orthogonal give the same column. {}."
    ),
    "ortogonal": "orthogonal",
    "orto-\ngonal": "ortho-\ngonal",
    "medido (previsto)": "measured (predicted)",
    "Mide por cuánto multiplica cada capa el gradiente, pareja a pareja.": (
        "Measures by how much each layer multiplies the gradient, pair by pair."
    ),
    # --- gelu_and_silu ---
    "mayor que 0": "greater than 0",
    "E[z²] de la primera capa": "E[z²] of the first layer",
    "midiendo": "measuring",
    "«{}» no sortea los pesos: su varianza es 0": (
        "“{}” does not draw the weights: its variance is 0"
    ),
    "la parte de q que pasa": "the share of q that gets through",
    "A la izquierda, la parte del segundo momento q que deja pasar cada activación: con tanh "
    "baja al crecer q, con ReLU no cambia y con GELU y SiLU sube de un cuarto a la mitad. En los "
    "demás paneles, q capa a capa. En la capa {}: {}.": (
        "On the left, the share of the second moment q that each activation lets through: with "
        "tanh it falls as q grows, with ReLU it does not change, and with GELU and SiLU it rises "
        "from a quarter to a half. In the other panels, q layer by layer. In layer {}: {}."
    ),
    "{} desde q = {}, {}": "{} from q = {}, {}",
    "combinación": "combination",
    "q en la capa 1": "q in layer 1",
    "q en la última (previsto)": "q in the last (predicted)",
    "δ₁ / δ última (previsto)": "δ₁ / last δ (predicted)",
    "Sigue la señal capa a capa desde varios tamaños: si se juntan, si se separan.": (
        "Follows the signal layer by layer from several sizes: whether they meet, whether they "
        "part."
    ),
    # --- learning_rates ---
    "tasa de aprendizaje": "learning rate",
    "el optimizador": "the optimizer",
    "tasa": "rate",
    "aciertos ({})": "accuracy ({})",
    "Aciertos en la prueba según la tasa de aprendizaje; se deja de entrenar al llegar al {} % o "
    "si la red ya no distingue las imágenes. Tasas a las que llegan todas las semillas: {}.": (
        "Test accuracy by learning rate; training stops on reaching {}% or when the network no "
        "longer tells the images apart. Rates at which all seeds get there: {}."
    ),
    "no distingue las imágenes": "does not tell the images apart",
    "no llega ({} %)": "does not get there ({}%)",
    "llegan {} de {}": "{} of {} get there",
    "época": "epoch",
    "épocas": "epochs",
    "con la tasa {}": "with rate {}",
    "mejor tasa": "best rate",
    "con ella": "with it",
    "tasas que valen": "rates that will do",
    "{} de {}": "{} of {}",
    "Entrena cada combinación con varias tasas de aprendizaje y dice cuáles le valen.": (
        "Trains each combination with several learning rates and says which of them will do."
    ),
    # --- sigma_sweep ---
    "azar": "chance",
    "antes: δ₁ / δ última": "before: δ₁ / last δ",
    "después: aciertos": "after: accuracy",
    "σ: desviación típica de los pesos": "σ: standard deviation of the weights",
    "Gradiente antes de entrenar y aciertos después, según la desviación típica σ de los pesos "
    "de una red de sigmoides. El gradiente se conserva en un solo punto, σ = {}, y allí está el "
    "máximo de la red más profunda: {} % de aciertos.": (
        "Gradient before training and accuracy after, by standard deviation σ of the weights of "
        "a network of sigmoids. The gradient is kept at a single point, σ = {}, and there lies "
        "the maximum of the deepest network: {}% accuracy."
    ),
    "Prueba todos los tamaños de pesos en una red de sigmoides profunda.": (
        "Tries all sizes of weights in a deep network of sigmoids."
    ),
    "Glorot + residual": "Glorot + residual",
    "orto-": "ortho-",
    "gonal": "gonal",
    "uniforme": "uniform",
    "{} época": "{} epoch",
    "{} épocas": "{} epochs",
    "{} a {} épocas": "{} to {} epochs",
    "sin nada más": "nothing else",
    "{} ≤ {}": "{} ≤ {}",
    "{} ≥ {}": "{} ≥ {}",
}

#: Names that read the same in both.
SAME = (
    "He",
    "gelu",
    "silu",
    "Keras",
    "ms",
    "Glorot",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
