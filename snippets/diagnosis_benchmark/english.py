"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- calibration ---
    "parte de la prueba del diagnóstico, que da «python snippets report»": (
        "part of the test of the diagnosis, which “python snippets report” gives"
    ),
    # --- collection ---
    "SGD con momento": "SGD with momentum",
    "pesos pequeños": "small weights",
    "pesos grandes": "large weights",
    "pesos iguales": "equal weights",
    "pesos de media negativa": "weights of negative mean",
    "sesgo negativo": "negative bias",
    "sesgo grande": "large bias",
    "tasa alta": "high rate",
    "tasa baja": "low rate",
    "entradas sin escalar": "inputs not scaled",
    "plano": "plane",
    "densa": "dense",
    "tabla": "table",
    "regresión": "regression",
    "imagen": "image",
    "convolucional": "convolutional",
    "serie": "series",
    "atención": "attention",
    "texto": "text",
    # --- report ---
    "ninguna": "none",
    "síntoma": "symptom",
    "qué se mide": "what is measured",
    "alarma": "alarm",
    "nombre": "name",
    "{} de {} ({})": "{} of {} ({})",
    "de las que no aprenden": "of those that do not learn",
    "de las que aprenden": "of those that learn",
    "no aprenden, avisadas": "do not learn, alarmed",
    "en el paso 0": "at step 0",
    "pasos de ventaja": "steps ahead",
    "aprenden, avisadas": "learn, alarmed",
    "antes del primer paso": "before the first step",
    "hacia el paso {}": "around step {}",
    "probabilidad que se dijo": "probability that was said",
    "{} dicho, {} visto": "{} said, {} seen",
    "fracción que no aprende": "share that does not learn",
    "Probabilidad dicha y fracción de redes que no aprenden. {}.": (
        "Probability said and share of networks that do not learn. {}."
    ),
    "Prueba el diagnóstico con una colección de redes que aprenden o no.": (
        "Tests the diagnosis with a collection of networks that learn or don't."
    ),
    "vuelve a entrenar todas las redes (una media hora) y guarda lo medido": (
        "trains all the networks again (about half an hour) and stores what is measured"
    ),
    "vuelve a calcular, con la otra mitad, los números de latido/calibrated.py": (
        "computes again, from the other half, the numbers of latido/calibrated.py"
    ),
    "Guardado en latido/calibrated.py; vuelve a ejecutarlo sin opciones.": (
        "Stored in latido/calibrated.py; run it again without options."
    ),
    "fallo puesto": "fault put in",
    "red": "network",
    "Falsas alarmas antes de entrenar: {} de {}; avisadas entonces o en el paso {}: {} de {} que "
    "no aprenden": (
        "False alarms before training: {} of {}; alarmed then or at step {}: {} of {} that do "
        "not learn"
    ),
    # --- score ---
    "antes, y con una prueba de {} pasos": "before, and with a trial of {} steps",
    "en el paso {}, como está": "at step {}, as it stands",
    "en el paso 0 o en el {}": "at step 0 or at {}",
    "alguna vez en {} pasos": "ever within {} steps",
    "ninguno puesto": "none put in",
    # --- tasks ---
    "lunas": "moons",
    "nubes que se pisan": "overlapping clouds",
    "nubes lejanas": "distant clouds",
    "vinos": "wines",
    "tabla sin escalar": "table not scaled",
    "tabla estándar": "standardized table",
    "senos": "sines",
    "precios": "prices",
    "plano con ruido": "plane with noise",
    "dígitos": "digits",
    "dígitos mal etiquetados": "mislabeled digits",
    "dígitos de 0 a 255": "digits from 0 to 255",
    "frecuencia": "frequency",
    "memoria": "memory",
    "opiniones": "opinions",
    "círculos": "circles",
    "espirales": "spirals",
    "anillos": "rings",
    "nubes casi al azar": "clouds, almost random",
    "tumores": "tumors",
    "casos raros": "rare cases",
    "silla de montar": "saddle",
    "imágenes oscuras": "dark images",
    "rayas": "stripes",
    "esquina clara, de 0 a 255": "bright corner, from 0 to 255",
    "el valor siguiente": "the next value",
    "bulto en el ruido": "blob in the noise",
    "temas": "topics",
    "orden de palabras": "word order",
    "usuarios y cosas": "users and things",
    # --- trainings ---
    "redes": "networks",
}

#: Names that read the same in both.
SAME = (
    "latido",
    "Nadam",
    "Adagrad",
    "Adadelta",
    "Lion",
    "gelu",
    "selu",
    "silu",
    "embedding",
    "Orthogonal",
    "tasks",
    "mse",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
