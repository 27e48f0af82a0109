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
}
