"""What the editions say of their own, in each language of the book."""

WORDS = {
    "es": {
        "file": "inicializacion-y-activacion",
        "slides": "presentacion",
        "by": "César García",
        "author": "Por César García",
        "licence": "Texto y figuras: CC BY 4.0. Código: MIT.",
        "contents": "Índice",
        "solutions": "Soluciones",
        "accessible": (
            "Cada figura tiene un texto que dice lo que enseña, y cada fórmula es MathML."
        ),
        "laboratory": "Aquí tiene la página un laboratorio, que se mueve en el navegador.",
        "answer": "La respuesta, en el libro",
        "deck": "Presentación",
        "keys": (
            "→ o espacio: adelante, primero la pregunta y después la figura · ← atrás · "
            "S: notas del orador, con su reloj · F: pantalla completa · Esc: todas · "
            "T: claro u oscuro · ?: las demás teclas"
        ),
        "theme": "Claro u oscuro",
        "notes": "Minuto {begin} a {end}: {minutes} minutos.",
        "short": "En 45 minutos: {minutes}.",
        "left out": "En 45 minutos no se da.",
        # Written into reveal.js 5.2.0 and its notes, which speak English alone
        "reveal": {
            ">Upcoming<": ">Después<",
            ">Notes<": ">Notas<",
            ">Time <": ">Tiempo <",
            ">Click to Reset<": ">Pulsa para empezar de cero<",
            ">Pacing – Time to finish current slide<": ">Lo que queda para esta diapositiva<",
            ">Loading speaker view...<": ">Abriendo las notas…<",
            ">reveal.js - Speaker View<": ">Notas del orador<",
            "'Default'": "'Normal'",
            "'Wide'": "'Ancha'",
            "'Tall'": "'Alta'",
            "'Notes only'": "'Solo las notas'",
            "'Layout'": "'Vista'",
            "'en-US', { hour12: true, ": "'es', { ",
            '"Speaker notes view"': '"Notas del orador"',
            ">Keyboard Shortcuts<": ">Teclas<",
            "<th>KEY</th><th>ACTION</th>": "<th>TECLA</th><th>QUÉ HACE</th>",
            '"Next slide"': '"Adelante"',
            '"Previous slide"': '"Atrás"',
            '"Navigate left"': '"A la izquierda"',
            '"Navigate right"': '"A la derecha"',
            '"Navigate up"': '"Arriba"',
            '"Navigate down"': '"Abajo"',
            '"Navigate without fragments"': '"De diapositiva en diapositiva"',
            '"Jump to first/last slide"': '"A la primera o a la última"',
            '"Jump to slide"': '"A la diapositiva número…"',
            '"Pause"': '"Pausa: en negro"',
            '"Fullscreen"': '"Pantalla completa"',
            '"Slide overview"': '"Todas las diapositivas"',
            '"next slide"': '"adelante"',
            '"previous slide"': '"atrás"',
            '"above slide"': '"arriba"',
            '"below slide"': '"abajo"',
            ">Resume presentation<": ">Seguir<",
        },
    },
    "en": {
        "file": "initialization-and-activation",
        "slides": "presentation",
        "by": "César García",
        "author": "By César García",
        "licence": "Text and figures: CC BY 4.0. Code: MIT.",
        "contents": "Contents",
        "solutions": "Solutions",
        "accessible": "Each figure has a text that says what it shows; formulas are MathML.",
        "laboratory": "Here the page has a laboratory, which moves in the browser.",
        "answer": "The answer, in the book",
        "deck": "Presentation",
        "keys": (
            "→ or space: forward, first the question and then the figure · ← back · "
            "S: speaker notes, with their clock · F: full screen · Esc: all slides · "
            "T: light or dark · ?: the other keys"
        ),
        "theme": "Light or dark",
        "notes": "Minute {begin} to {end}: {minutes} minutes.",
        "short": "In 45 minutes: {minutes}.",
        "left out": "In 45 minutes it is left out.",
        "reveal": {},
    },
}
