"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- eight_layers ---
    "convolución 3 × 3": "convolution 3 × 3",
    "paso 2, abajo y arriba": "stride 2, down and up",
    "midiendo": "measuring",
    "activación h": "activation h",
    "gradiente δ": "gradient δ",
    "Activación de la capa 8 y gradiente de la capa 1 de una pila de ocho. {}.": (
        "Activation of layer 8 and gradient of layer 1 in a stack of eight. {}."
    ),
    "capas": "layers",
    "pesos": "weights",
    "h, capa 8": "h, layer 8",
    "δ, capa 1": "δ, layer 1",
    "factor por capa": "factor per layer",
    "la capa": "the layer",
    "capas ({})": "layers ({})",
    "canales": "channels",
    "Mide la señal y el gradiente a través de ocho capas, contadas y sin contar.": (
        "Measures signal and gradient through eight layers, counted and not counted."
    ),
    # --- eight_trained ---
    "entrenando": "training",
    "azar": "chance",
    "aciertos en la prueba": "test accuracy",
    "Aciertos en la prueba tras {} épocas de pilas de ocho capas. {}.": (
        "Test accuracy after {} epochs of stacks of eight layers. {}."
    ),
    "aciertos": "accuracy",
    "peor semilla": "worst seed",
    "Entrena pilas de ocho capas, con los pesos contados y sin contar.": (
        "Trains stacks of eight layers, with the weights counted and not counted."
    ),
    # --- forget_gate ---
    "sesgo {}": "bias {}",
    "paso t": "step t",
    "lo que queda de un cambio": "what is left of a change",
    "Lo que queda de un cambio del estado de una LSTM tras {} pasos, según el sesgo de su puerta "
    "de olvido: {}.": (
        "What is left of a change of the state of an LSTM after {} steps, by bias of its forget "
        "gate: {}."
    ),
    "con {}, {}": "with {}, {}",
    "sesgo": "bias",
    "tras 10 pasos": "after 10 steps",
    "al final": "at the end",
    "al final, solo la puerta": "at the end, the gate alone",
    "factor por paso": "factor per step",
    "según la teoría": "according to theory",
    "finito": "finite",
    "sesgo de la puerta de olvido": "bias of the forget gate",
    "pasos en el tiempo": "steps in time",
    "1: el estado h se lee; 0: no": "1: the state h is read; 0: it is not",
    "Mide cuánto recuerda una LSTM según el sesgo de su puerta de olvido.": (
        "Measures how much an LSTM remembers for each bias of its forget gate."
    ),
    # --- inputs_per_pixel ---
    "transpuesta 4 × 4, paso 2": "transposed 4 × 4, stride 2",
    "transpuesta 3 × 3, paso 2": "transposed 3 × 3, stride 2",
    "Cuántas entradas suma cada píxel de 8 × 8 (el número) y cuánto mide el cuadrado de lo que "
    "sale (el tono). {}.": (
        "How many inputs each pixel of 8 × 8 sums (the number) and how large the square of what "
        "comes out is (the shade). {}."
    ),
    "{}, de {} a {} entradas, y el cuadrado de {} a {}": (
        "{}, from {} to {} inputs, and the square from {} to {}"
    ),
    "capa": "layer",
    "entradas por canal": "inputs per channel",
    "de {} a {}": "from {} to {}",
    "cuadrado": "square",
    "media": "mean",
    "lejos de la cuenta": "far from the count",
    "filtros que se promedian": "filters that are averaged",
    "Cuenta las entradas de cada píxel y mide el damero de una convolución transpuesta.": (
        "Counts the inputs of each pixel and measures the checkerboard of a transposed convolution."
    ),
    # --- inputs_summed ---
    "por defecto": "by default",
    "contado": "counted",
    "densa": "dense",
    "convolución": "convolution",
    "en 8 grupos": "in 8 groups",
    "por canal": "depthwise",
    "transpuesta": "transposed",
    "recurrente": "recurrent",
    "atención": "attention",
    "valor eficaz que sale, si entra 1": "rms that comes out, if 1 goes in",
    "Valor eficaz de lo que sale de cada capa, si entra 1. {}.": (
        "Rms of what comes out of each layer, if 1 goes in. {}."
    ),
    "una salida suma": "an output sums",
    "Keras cuenta": "Keras counts",
    "sale ({})": "out ({})",
    "capa ({})": "layer ({})",
    "el sorteo": "the draw",
    "cómo se sortean los pesos ({})": "how the weights are drawn ({})",
    "Cuenta las entradas que suma cada salida y mide lo que sale de cada capa.": (
        "Counts the inputs that each output sums and measures what comes out of each layer."
    ),
    # --- through_time ---
    "una nueva en cada paso": "a new one at each step",
    "la misma en todos": "the same at all",
    "la misma, ortogonal": "the same, orthogonal",
    "tamaño del estado (al empezar, 1)": "size of the state (at the start, 1)",
    "Tamaño del estado en {} pasos de redes recurrentes lineales de {} unidades. {}.": (
        "Size of the state over {} steps of linear recurrent networks of {} units. {}."
    ),
    "{}: al final, de {} a {}": "{}: at the end, from {} to {}",
    "matriz": "matrix",
    "menor": "smallest",
    "mayor": "largest",
    "mayor / menor": "largest / smallest",
    "la matriz": "the matrix",
    "qué matriz ({})": "which matrix ({})",
    "Mide cuánto crece el estado de una red recurrente que usa siempre la misma matriz.": (
        "Measures how the state of a recurrent network grows that always uses the same matrix."
    ),
    # --- token_average ---
    "{} cabezas no caben en una anchura de {}; pide {} como mucho": (
        "{} heads do not fit in a width of {}; ask for {} at most"
    ),
    "elementos de la secuencia, T": "elements of the sequence, T",
    "Valor eficaz de lo que sale de una capa de atención según el número de elementos. De {} a "
    "{}: {}.": (
        "Rms of what comes out of a layer of attention by number of elements. From {} to {}: {}."
    ),
    "{}, de {} a {}": "{}, from {} to {}",
    "elementos de la secuencia": "elements of the sequence",
    "cabezas": "heads",
    "Mide lo que sale de una capa de atención según cuántos elementos promedia.": (
        "Measures what comes out of a layer of attention for each number of elements that it "
        "averages."
    ),
    "GlorotUniform(seed=…)": "GlorotUniform(seed=…)",
    "¿Iguales? {}": "Equal? {}",
    "abajo y arriba": "down and up",
    "paso {}": "stride {}",
    "en grupos": "in groups",
    "convolución {}": "convolution {}",
    "en grupos {}": "in groups {}",
    "por canal {}": "depthwise {}",
    "transpuesta {}": "transposed  {}",
}

#: Names that read the same in both.
SAME = (
    "separable",
    "hourglass",
    "pointwise",
    "embedding",
    "seeded",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
