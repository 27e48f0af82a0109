"""What the book's extensions and its configuration write, in English: Spanish → English."""

ENGLISH = {
    # --- conf.py ---
    "Inicialización de pesos y funciones de activación": (
        "Weight initialization and activation functions"
    ),
    "2026, César García. Texto: CC BY 4.0; código: MIT": (
        "2026, César García. Text: CC BY 4.0; code: MIT"
    ),
    "Mostrar el código": "Show the code",
    "Ocultar el código": "Hide the code",
    "En esta página": "On this page",
    "Buscar en el libro…": "Search the book…",
    "Mostrar": "Show",
    "Ocultar": "Hide",
    # --- theme ---
    "Mostrar u ocultar el índice del libro": "Show or hide the contents of the book",
    "Mostrar u ocultar el índice de la página": "Show or hide the contents of the page",
    "Capítulos": "Chapters",
    "Secciones de la página": "Sections of the page",
    "Libro": "Book",
    "Mostrar u ocultar la solución": "Show or hide the solution",
    "Enlace a esta ecuación": "Link to this equation",
    # --- bibliography ---
    "y": "and",
    "En": "In",
    "vol.": "vol.",
    "págs.": "pp.",
    # --- class_plan ---
    "Reloj": "Clock",
    "Diapositiva": "Slide",
    "Figura": "Figure",
    "Min.": "Min.",
    "En 45": "In 45",
    "Fin": "End",
    "la respuesta": "the answer",
    "Antes pregunta:": "Ask first:",
    "**Muestra** la": "**Show**",
    "Saldrá:": "What will come up:",
    "Para casa:": "For home:",
    # --- downloads ---
    """# Antes de empezar

Este cuaderno es un capítulo del libro «Inicialización de pesos y funciones de activación», con \
sus resultados. Para mirarlo no hace falta nada más.

Para ejecutarlo necesitas Python 3.11, 3.12 o 3.13 y estos paquetes: `{packages}`. Las celdas \
que siguen escriben junto al cuaderno los archivos del libro que el capítulo usa; ejecútalas \
una vez. Después, cámbialos y vuelve a ejecutar el capítulo.""": """# Before you begin

This notebook is a chapter of the book “Weight initialization and activation functions”, with its \
results. To look at it you need nothing else.

To run it you need Python 3.11, 3.12 or 3.13 and these packages: `{packages}`. The cells that \
follow write beside the notebook the files of the book that the chapter uses; run them once. Then \
change them and run the chapter again.""",
    "*Lo que sigue viene ya hecho: el código que lo hace se queda en el libro.*": (
        "*What follows comes ready-made: the code that makes it stays in the book.*"
    ),
    "*Los mandos están en la página del libro, que calcula en el navegador.*": (
        "*The controls are on the book's page, which computes in the browser.*"
    ),
    "figura": "figure",
    # --- experiments, slides ---
    "Capítulo {}": "Chapter {}",
    "Portada": "Front page",
    "Se cuenta en: ": "Told in: ",
    "La diapositiva dice": "The slide says",
    "Dónde se cuenta": "Where it is told",
    "(Es nuestra: no está en ella.)": "(It is ours: the slide does not have it.)",
    # --- libraries ---
    "{} de {} de {}": "{1} {0}, {2}",
    "enero": "January",
    "febrero": "February",
    "marzo": "March",
    "abril": "April",
    "mayo": "May",
    "junio": "June",
    "julio": "July",
    "agosto": "August",
    "septiembre": "September",
    "octubre": "October",
    "noviembre": "November",
    "diciembre": "December",
    "el": "on",
    "entre el": "between",
    "y el": "and",
    "Densa": "Dense",
    "Convolución 3 × 3": "3 × 3 convolution",
    "En 8 grupos": "In 8 groups",
    "Por canal": "Depthwise",
    "Transpuesta, paso 2": "Transposed, stride 2",
    "LSTM, entrada": "LSTM, input",
    "LSTM, recurrente": "LSTM, recurrent",
    "GRU, entrada": "GRU, input",
    "GRU, recurrente": "GRU, recurrent",
    "Atención, q k v": "Attention, q k v",
    "Atención, salida": "Attention, output",
    "Embedding": "Embedding",
    "De grafos (GCN)": "Graph (GCN)",
    "uniforme": "uniform",
    "normal": "normal",
    "recortada": "truncated",
    "ortogonal": "orthogonal",
    "constante": "constant",
    "descentrada": "off-center",
    "Biblioteca": "Library",
    "«He»": "“He”",
    "Olvido": "Forget",
    "Leaky": "Leaky",
    "Capa": "Layer",
    "Reparto": "Shape",
    "Sale": "Out",
    "Medido": "Measured",
    "con": "with",
    "en la densa": "in the dense one",
    "en la GRU": "in the GRU",
    "Valor eficaz del sesgo:": "Root mean square of the bias:",
    "Puerta de olvido, al empezar: {}.": "Forget gate, at the start: {}.",
    "Leaky ReLU: pendiente {}.": "Leaky ReLU: slope {}.",
    "Su «He»:": "Its “He”:",
}
