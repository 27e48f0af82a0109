"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- alarms ---
    "pérdida": "loss",
    "h\núlt./1.ª": "h\nlast/1st",
    "con-\ntraste": "con-\ntrast",
    "apagadas\no satur.": "off or\nsatur.",
    "δ\n1.ª/últ.": "δ\n1st/last",
    "∂L/∂W\n1.ª/últ.": "∂L/∂W\n1st/last",
    "diver-\nsidad": "diver-\nsity",
    "paso /\npeso": "update /\nweight",
    "ninguna": "none",
    "Tabla de pacientes y estadísticas con la época en que cada una da la alarma por primera "
    "vez. Las que suenan en la época 0: {}.": (
        "Table of patients and statistics with the epoch in which each one first gives the "
        "alarm. Those that ring at epoch 0: {}."
    ),
    "la pérdida lo dice": "the loss tells it",
    "época {}": "epoch {}",
    "nunca": "never",
    "antes del primer paso": "before the first step",
    "Mira qué estadística ve cada enfermedad, y cuántas épocas antes que la pérdida.": (
        "Looks at which statistic sees each illness, and how many epochs before the loss."
    ),
    # --- before_first_step ---
    "activación h": "activation h",
    "contraste entre imágenes": "contrast between images",
    "apagadas o saturadas": "off or saturated",
    "gradiente δ": "gradient δ",
    "gradiente ∂L/∂W": "gradient ∂L/∂W",
    "diversidad entre unidades": "diversity of units",
    "Seis estadísticas internas por capa, antes de entrenar. De cada paciente, la activación y "
    "el contraste de la última capa y el gradiente δ de la primera: {}.": (
        "Six internal statistics by layer, before training. Of each patient, the activation and "
        "the contrast of the last layer and the gradient δ of the first: {}."
    ),
    "h, última": "h, last",
    "contraste, última": "contrast, last",
    "δ, capa 1": "δ, layer 1",
    "∂L/∂W, capa 1": "∂L/∂W, layer 1",
    "∂L/∂W, última": "∂L/∂W, last",
    "apagadas, última": "off, last",
    "diversidad, capa 1": "diversity, layer 1",
    "Examina redes sanas y enfermas antes de que den el primer paso.": (
        "Examines healthy and sick networks before they take their first step."
    ),
    # --- first_loss ---
    "píxeles de 0 a 255": "pixels from 0 to 255",
    "píxeles estandarizados": "standardized pixels",
    "píxeles de 0 a 1": "pixels from 0 to 1",
    "salida × 0.1": "output × 0.1",
    "salida × 0.01": "output × 0.01",
    "el caso": "the case",
    "caso ({})": "case ({})",
    "entrenando": "training",
    "tamaño de los logits": "size of the logits",
    "pérdida antes de entrenar": "loss before training",
    "aciertos (prueba) después": "accuracy (test) afterwards",
    "azar": "chance",
    "Pérdida antes de entrenar y aciertos después: {}.": (
        "Loss before training and accuracy afterwards: {}."
    ),
    "caso": "case",
    "pérdida inicial": "initial loss",
    "aciertos (prueba)": "accuracy (test)",
    "divergen": "diverge",
    "{} de {}": "{} of {}",
    "Mide la pérdida antes de entrenar según la escala de los datos y de la salida.": (
        "Measures the loss before training for each scale of the data and of the output."
    ),
    # --- keras_checklist ---
    "tamaño de h": "size of h",
    "contraste": "contrast",
    "paso / peso": "update / weight",
    "Cuatro miradas a una red sin entrenar, capa a capa. De la primera a la última: tamaño de h, "
    "de {} a {}; contraste, de {} a {}; ∂L/∂W, de {} a {}; paso, de {} a {} veces el peso.": (
        "Four looks at an untrained network, layer by layer. From the first to the last: size of "
        "h, from {} to {}; contrast, from {} to {}; ∂L/∂W, from {} to {}; update, from {} to {} "
        "times the weight."
    ),
    "capa": "layer",
    "diversidad": "diversity",
    "Reconoce a un paciente como lo harías con tu propia red: seis miradas y un paso.": (
        "Examines a patient as you would your own network: six looks and a step."
    ),
    # --- patients ---
    "ReLU con Glorot": "ReLU with Glorot",
    "tasa enorme": "huge rate",
    "sigmoide profunda": "deep sigmoid",
    "sana": "healthy",
    "tanh saturada": "saturated tanh",
    "unidades muertas": "dead units",
    "unidades gemelas": "twin units",
    "pesos diminutos": "tiny weights",
    "observando": "watching",
    "época": "epoch",
    "Lo que pasa en {} épocas. De cada paciente, {}: {}.": (
        "What happens in {} epochs. Of each patient, {}: {}."
    ),
    "capa {}": "layer {}",
    "apagadas o\nsaturadas": "off or\nsaturated",
    "la pérdida": "the loss",
    "primer paso / peso": "first update / weight",
    "lo que el primer paso mueve a los pesos": "how far the first step moves the weights",
    "apagadas al final": "off at the end",
    "las unidades apagadas o saturadas al final": "the units off or saturated at the end",
    "el paciente": "the patient",
    "Vigila redes que aprenden y redes que no, época a época.": (
        "Watches networks that learn and networks that do not, epoch by epoch."
    ),
    "ln 10": "ln 10",
    "h últ./1.ª": "h last/1st",
    "δ 1.ª/últ.": "δ 1st/last",
    "∂L/∂W 1.ª/últ.": "∂L/∂W 1st/last",
    "apagadas o satur.": "off or satur.",
}

#: Names that read the same in both.
SAME = (
    "anchor",
    "sick",
    "warned",
    "tenth",
    "hundredth",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
