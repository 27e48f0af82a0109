"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- attention_logits ---
    "números de una consulta, d": "numbers of a query, d",
    "claves entre las que se reparte": "keys to share among",
    "consultas por semilla": "queries per seed",
    "claves atendidas, de {}": "keys attended, of {}",
    "pendiente, Σ p(1 − p)": "slope, Σ p(1 − p)",
    "números por consulta, d": "numbers per query, d",
    "Claves que se reparten la atención y pendiente de la softmax según d. Sin dividir caen: con "
    "d = {} quedan {} claves de {} y una pendiente de {}. Al dividir por √d no cambian: {} "
    "claves y {}.": (
        "Keys that share the attention and slope of the softmax by d. Not divided they fall: "
        "with d = {} there remain {} keys of {} and a slope of {}. Divided by √d they do not "
        "change: {} keys and {}."
    ),
    "claves atendidas": "keys attended",
    "(teoría)": "(theory)",
    "pendiente": "slope",
    "(teoría) ": "(theory) ",
    "Mide cuánto se concentra la atención si los logits no se dividen por √d.": (
        "Measures how much attention is concentrated if the logits are not divided by √d."
    ),
    # --- attention_rank ---
    "lo que distingue a dos tokens, 1 − c": "what tells two tokens apart, 1 − c",
    "bloque": "block",
    "Lo que distingue a dos tokens y claves atendidas, bloque a bloque. Parecido tras {} "
    "bloques: {}.": (
        "What tells two tokens apart and keys attended, block by block. Likeness after {} "
        "blocks: {}."
    ),
    "parecido": "likeness",
    "Mide cómo se parecen los tokens y cuánto se concentra la atención, bloque a bloque.": (
        "Measures how alike the tokens are and how much attention is concentrated, block by block."
    ),
    # --- first_aid ---
    "nada": "nothing",
    "calentamiento": "warm-up",
    "recorte": "clipping",
    "mayor que 0": "greater than 0",
    "el bloque": "the block",
    "bloque (post, pre)": "block (post, pre)",
    "el remedio": "the remedy",
    "remedio ({})": "remedy ({})",
    "pasos de entrenamiento": "training steps",
    "el optimizador": "the optimizer",
    "tasa de aprendizaje de Adam": "learning rate of Adam",
    "tasa de aprendizaje de SGD": "learning rate of SGD",
    "entrenando": "training",
    "azar": "chance",
    "paso": "step",
    "pérdida": "loss",
    "Pérdida al entrenar un transformer pequeño con cada remedio. Aciertos al acabar: {}.": (
        "Loss while training a small transformer with each remedy. Accuracy at the end: {}."
    ),
    "optimizador": "optimizer",
    "remedio": "remedy",
    "aciertos (prueba)": "accuracy (test)",
    "de la peor a la mejor": "from the worst to the best",
    "Entrena transformers pequeños con calentamiento, con recorte y sin nada.": (
        "Trains small transformers with warm-up, with clipping and with nothing."
    ),
    # --- gates ---
    "GLU (sigmoide)": "GLU (sigmoid)",
    "la puerta": "the gate",
    "puerta ({})": "gate ({})",
    "cuadrado medio de lo que entra": "mean square of what goes in",
    "capas con puerta": "gated layers",
    "semillas": "seeds",
    "cuadrado medio que entra, q": "mean square that goes in, q",
    "parte que deja el producto": "share that the product leaves",
    "entra {}": "{} goes in",
    "capa": "layer",
    "cuadrado medio, pila de {}": "mean square, stack of {}",
    "Parte del cuadrado medio que deja cada puerta, según lo que entra, y tamaño en una pila de "
    "{} capas. Cuando entra 1: {}. Lo que entra un poco menor se apaga, y lo que entra un poco "
    "mayor explota.": (
        "Share of the mean square that each gate leaves, by what goes in, and size in a stack of "
        "{} layers. When 1 goes in: {}. What goes in a little smaller dies out, and what goes in "
        "a little larger explodes."
    ),
    "puerta": "gate",
    "entra": "in",
    "deja": "leaves",
    "Mide cuánto deja pasar una unidad con puerta, y qué es de una pila de ellas.": (
        "Measures how much a gated unit lets through, and what becomes of a stack of them."
    ),
    "vectores por semilla": "vectors per seed",
    # --- layer_norm ---
    "valor eficaz de lo que entra": "rms of what goes in",
    "finito": "finite",
    "media de lo que entra, en valores eficaces": "mean of what goes in, in rms",
    "números de cada vector": "numbers of each vector",
    "lo que sale": "what comes out",
    "lo que vuelve del gradiente": "what comes back of the gradient",
    "Embedding\nde Keras": "Embedding\nof Keras",
    "Valor eficaz que sale de LayerNormalization y de RMSNormalization, y parte del gradiente "
    "que vuelve, según lo que entra. Por encima de una décima sale 1 y vuelve la inversa de lo "
    "que entra; con {} salen {} y {}.": (
        "Rms that comes out of LayerNormalization and of RMSNormalization, and share of the "
        "gradient that comes back, by what goes in. Above a tenth, 1 comes out and the inverse "
        "of what goes in comes back; with {}, {} and {} come out."
    ),
    "sale": "out",
    "vuelve del gradiente": "gradient that comes back",
    "Mide qué hacen las dos normas de Keras con señales y gradientes de cualquier tamaño.": (
        "Measures what the two norms of Keras do to signals and gradients of any size."
    ),
    # --- norm_place ---
    "norma {}": "norm {}",
    "después de la suma": "after the sum",
    "antes de la rama": "before the branch",
    "sin normalizar": "no norm",
    "antes, con 1/√(2N)": "before, with 1/√(2N)",
    "antes, con λ = {}": "before, with λ = {}",
    "solo atención": "attention alone",
    "bloque ({})": "block ({})",
    "bloques": "blocks",
    "anchura": "width",
    "tokens por secuencia": "tokens per sequence",
    "la pregunta": "the question",
    "lo que se pregunta: a cada token algo distinto (token) o lo mismo a todos (sequence)": (
        "what is asked: something different of each token (token) or the same of all (sequence)"
    ),
    "recibido «{}»; hace falta un múltiplo de {}, las cabezas": (
        "received “{}”; a multiple of {}, the heads, is needed"
    ),
    "redes": "networks",
    "{} bloques": "{} blocks",
    "gradiente de los pesos, ∂L/∂W": "weight gradient, ∂L/∂W",
    "Gradiente de los pesos, bloque a bloque, en pilas de varias profundidades. {}": (
        "Weight gradient, block by block, in stacks of several depths. {}"
    ),
    "Con {} bloques, {}: {} en el primero y {} en el último.": (
        "With {} blocks, {}: {} in the first and {} in the last."
    ),
    "∂L/∂W primero": "first ∂L/∂W",
    "∂L/∂W último": "last ∂L/∂W",
    "tamaño al salir": "size on leaving",
    "Mide el gradiente de cada bloque con la norma antes de la rama o tras la suma.": (
        "Measures the gradient of each block with the norm before the branch or after the sum."
    ),
    # --- residual_growth ---
    "norma antes": "norm before",
    "ramas encogidas": "shrunk branches",
    "cuadrado medio del flujo": "mean square of the stream",
    "Cuadrado medio del flujo residual en {} bloques. Al salir: {}.": (
        "Mean square of the residual stream over {} blocks. On leaving: {}."
    ),
    "cuadrado medio al salir": "mean square on leaving",
    "Mide cuánto crece el flujo residual, sin norma, con ella y con ramas pequeñas.": (
        "Measures how the residual stream grows, without a norm, with it, and with small branches."
    ),
    "con 1/√(2N)": "with 1/√(2N)",
}

#: Names that read the same in both.
SAME = (
    "pre",
    "am",
    "glu",
    "reglu",
    "geglu",
    "gelu",
    "swiglu",
    "silu",
    "layerscale",
    "sequence",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
