"""The drawings that explain: no data, nothing measured, one function for each.

They are as wide as a telephone, so that their letters are as large there as anywhere. Blue
goes forward, orange comes back; ink is the network itself. Coordinates are inches.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from lab import figures
from lab.figures import INK

FORWARD, BACKWARD, *_ = figures.SEQUENCE
WIDTH = 3.8
#: Half as thick again as a thin line: what the drawing is about.
STRONG, THIN = 1.5, 0.8
SMALL = 9.0


def layer() -> Figure:
    """Draw a layer, with the weights that one unit gathers and those that one input feeds."""
    figure, ax = _canvas(2.25)
    left = [(1.12, y) for y in (0.3, 0.77, 1.24, 1.71)]
    right = [(2.82, y) for y in (0.53, 1.01, 1.48)]
    source, target = left[0], right[2]
    radius = 0.13
    for a in left:
        for b in right:
            _arrow(ax, a, b, INK, width=0.5, gap=radius, alpha=0.35, style="-")
    for a in left:
        _arrow(ax, a, target, FORWARD, gap=radius)
    for b in right:
        # The weight that the two have in common is drawn in both colours.
        both = {"linestyle": (0, (4, 4))} if b == target else {}
        _arrow(ax, b, source, BACKWARD, gap=radius, **both)
    for center in (*left, *right):
        color = {source: BACKWARD, target: FORWARD}.get(center, INK)
        _circle(ax, center, radius, color)
    _text(ax, left[0][0], 2.08, r"$h_{l-1}$", size=10)
    _text(ax, right[0][0], 2.08, r"$z_l$", size=10)
    for (x, y), color, words, fan, side in (
        (target, FORWARD, "ida: suma", "in", 1),
        (source, BACKWARD, "vuelta: suma", "out", -1),
    ):
        align = "left" if side > 0 else "right"
        _text(ax, x + 0.2 * side, y + 0.08, words, color, ha=align)
        _text(ax, x + 0.2 * side, y - 0.09, _fan(fan), color, ha=align)
    return figures.describe(
        figure,
        "Una capa densa: cuatro unidades a la izquierda, tres a la derecha y un peso entre cada "
        "dos. A una unidad de la derecha le llegan cuatro pesos, tantos como entradas: n_in. De "
        "una unidad de la izquierda salen tres, tantos como unidades tiene la capa: n_out; por "
        "ellos le vuelve el gradiente. Uno de los pesos está en los dos grupos.",
    )


def forward_backward() -> Figure:
    """Draw what three layers send forward and back, and the weight gradients between the two."""
    figure, ax = _canvas(2.85)
    columns, top, middle, bottom, radius = (0.35, 1.27, 2.19, 3.11), 2.25, 1.4, 0.55, 0.2
    loss = (3.56, middle)
    names = "₀₁₂₃"
    for layer, x in enumerate(columns):
        _circle(ax, (x, top), radius, FORWARD)
        _text(ax, x, top, "x" if layer == 0 else f"h{names[layer]}", size=10)
        if layer == 0:
            continue
        before = columns[layer - 1]
        _arrow(ax, (before, top), (x, top), FORWARD, gap=radius)
        _text(ax, (before + x) / 2, top + 0.17, f"W{names[layer]}", FORWARD)
        _circle(ax, (x, bottom), radius, BACKWARD)
        _text(ax, x, bottom, f"δ{names[layer]}", size=10)
        if layer > 1:
            _arrow(ax, (x, bottom), (before, bottom), BACKWARD, gap=radius)
            _text(ax, (before + x) / 2, bottom - 0.2, f"W{names[layer]}ᵀ", BACKWARD)
        # The gradient of the weights: what comes from the left times what comes from the right.
        center = ((before + x) / 2, middle)
        _arrow(ax, (before, top), center, INK, width=THIN, gap=(radius, 0.2))
        _arrow(ax, (x, bottom), center, INK, width=THIN, gap=(radius, 0.2))
        _text(ax, *center, rf"$\partial\ell/\partial W_{layer}$", size=10)
    _circle(ax, loss, 0.17, INK)
    _text(ax, *loss, r"$\ell$", size=11)
    _arrow(ax, (columns[-1], top), loss, FORWARD, gap=(radius, 0.17))
    _arrow(ax, loss, (columns[-1], bottom), BACKWARD, gap=(0.17, radius))
    _text(ax, columns[0] - radius, 2.72, "ida: activaciones", FORWARD, ha="left")
    _text(ax, columns[0] - radius, 0.13, "vuelta: gradientes", BACKWARD, ha="left")
    return figures.describe(
        figure,
        "Tres capas. Arriba, de izquierda a derecha, la ida: x, h₁, h₂, h₃ y la pérdida, a "
        "través de W₁, W₂ y W₃. Abajo, de derecha a izquierda, la vuelta: δ₃, δ₂ y δ₁, a través "
        "de W₃ᵀ y W₂ᵀ. En medio, el gradiente de los pesos de cada capa, al que llegan dos "
        "flechas: una desde la activación que entra en la capa y otra desde la δ de la capa.",
    )


#: W (outputs, inputs) of ``transpose``, what goes through it and what comes back.
MATRIX = np.array([[2, -1, 0, 3], [1, 4, -2, 1], [-3, 0, 5, 2]])
INPUT, ERROR = np.array([1, 2, -1, 0]), np.array([1, -1, 2])


def transpose() -> Figure:
    """Draw one matrix twice: a sum along a row on the way there, down a column on the way back."""
    figure, ax = _canvas(2.4)
    cell, low = 0.29, 0.65
    side, above = 4 * cell + 0.12, 3 * cell + 0.12
    row, column = 1, 2
    there, back = MATRIX @ INPUT, MATRIX.T @ ERROR
    for x, color, title, words, fan, over, beside in (
        (0.13, FORWARD, "ida: z = W h", "una fila:", "in", "h", "z"),
        (2.06, BACKWARD, "vuelta: Wᵀδ", "una columna:", "out", "Wᵀδ", "δ"),
    ):
        forward = color == FORWARD
        for (i, j), value in np.ndenumerate(MATRIX):
            used = i == row if forward else j == column
            _cell(ax, x + j * cell, low + (2 - i) * cell, cell, value, color if used else "")
        for j, value in enumerate(INPUT if forward else back):
            used = forward or j == column
            _cell(ax, x + j * cell, low + above, cell, value, color if used else "", plain=True)
        for i, value in enumerate(there if forward else ERROR):
            used = not forward or i == row
            _cell(
                ax, x + side, low + (2 - i) * cell, cell, value, color if used else "", plain=True
            )
        _text(ax, x + 2 * cell, 2.22, title, color, size=10)
        _text(ax, x + 0.8, 0.17, words, color, ha="right")
        _text(ax, x + 0.86, 0.17, _fan(fan), color, ha="left")
        _text(ax, x + side + cell / 2, low + above + cell / 2, over, size=10)
        _text(ax, x + side + cell / 2, low - 0.14, beside, size=10)
    return figures.describe(
        figure,
        "La misma matriz W de tres filas y cuatro columnas, dos veces. A la ida, con h encima, "
        "cada z de la derecha es la suma de una fila por h: la segunda, "
        f"{_sum(MATRIX[row], INPUT)} = {there[row]}. A la vuelta, con δ a la derecha, cada "
        "número de encima es la suma de una columna por δ: la tercera, "
        f"{_sum(MATRIX[:, column], ERROR)} = {back[column]}.",
    )


#: Preactivations of six units, and the gradients that arrive at them from above.
UNITS = np.array([1.2, -0.7, 0.4, -2.1, 0.9, -0.3])
ARRIVING = np.array([0.5, 0.8, -0.6, -0.2, 0.3, 0.7])


def relu_halves() -> Figure:
    """Draw what ReLU does to a symmetric z: half becomes 0, and so does half of the gradient."""
    figure, ax = _canvas(3.2)
    z = np.linspace(-3, 3, 241)
    x, y = 1.9 + 0.5 * z, 1.75 + 0.95 * np.exp(-(z**2) / 2)
    for half, color, alpha in ((z <= 0, INK, 0.12), (z >= 0, FORWARD, 0.35)):
        ax.fill_between(x[half], 1.75, y[half], color=color, alpha=alpha, linewidth=0)
    ax.plot(x, y, color=INK, linewidth=1.2)
    ax.plot([0.3, 3.5], [1.75, 1.75], color=INK, linewidth=THIN)
    ax.plot([1.9, 1.9], [1.75, 2.8], color=INK, linewidth=THIN, linestyle=(0, (2, 2)))
    _text(ax, 0.75, 2.55, "½: pasa a ser 0")
    _text(ax, 3.02, 2.55, "½: h = z", FORWARD)
    _text(ax, 1.9, 3.02, "E[h²] = E[z²] / 2", size=11)
    _text(ax, 3.62, 1.75, "$z$", size=10)
    on = UNITS > 0
    for line, (name, values, color) in enumerate(
        (
            ("$z$", UNITS, INK),
            ("$h$", UNITS * on, FORWARD),
            ("llega", ARRIVING, INK),
            (r"$\delta$", ARRIVING * on, BACKWARD),
        )
    ):
        y0 = 1.22 - 0.33 * line - 0.08 * (line > 1)
        _text(ax, 0.38, y0 + 0.14, name, color)
        for unit, value in enumerate(values):
            text = "0" if value == 0 else f"{value:.1f}".replace("-", "−")
            fill = color if on[unit] and color != INK else ""
            _cell(ax, 0.68 + 0.48 * unit, y0, (0.48, 0.28), text, fill, plain=True)
    return figures.describe(
        figure,
        "Una campana simétrica de preactivaciones z. ReLU pone a 0 la mitad izquierda y deja la "
        "derecha como está, y E[h²] = E[z²]/2. Debajo, seis unidades: donde z es negativa, h es "
        "0, y también es 0 δ, llegue el gradiente que llegue; donde z es positiva, las dos pasan "
        "sin cambios. La máscara es la misma a la ida y a la vuelta.",
    )


def residual_branch() -> Figure:
    """Draw a residual branch twice: the two ways of the signal and the two of its gradient."""
    figure, ax = _canvas(2.7)
    start, end, tall, half = 1.15, 2.65, 0.6, 0.26
    for y, color, title, box, there in (
        (1.65, FORWARD, "ida", "f", True),
        (0.3, BACKWARD, "vuelta", "Jᵀ", False),
    ):
        up, middle = y + tall, (start + end) / 2
        fork, plus = ((start, y), (end, y)) if there else ((end, y), (start, y))
        way = 1 if there else -1
        _circle(ax, fork, 0.035, color, filled=True)
        _circle(ax, plus, 0.11, color)
        _text(ax, *plus, "+", size=10)
        frame = {"fill": False, "edgecolor": INK, "linewidth": THIN}
        ax.add_patch(Rectangle((middle - half, up - 0.2), 2 * half, 0.4, **frame))
        _text(ax, middle, up, box, size=11)
        _text(ax, middle, y + 0.13, "× 1", color)
        _text(ax, 0.12, up + 0.2, title, color, size=10, ha="left")
        enters, leaves = fork[0] - 0.4 * way, plus[0] + 0.45 * way
        ax.plot([enters, fork[0]], [y, y], color=color, linewidth=STRONG)
        _arrow(ax, fork, plus, color, gap=(0, 0.11))
        ax.plot([fork[0], fork[0]], [y, up], color=color, linewidth=STRONG)
        _arrow(ax, (fork[0], up), (middle - half * way, up), color)
        ax.plot([middle + half * way, plus[0]], [up, up], color=color, linewidth=STRONG)
        _arrow(ax, (plus[0], up), plus, color, gap=(0, 0.11))
        _arrow(ax, plus, (leaves, y), color, gap=(0.11, 0))
        sides = {"ha": "right" if there else "left"}, {"ha": "left" if there else "right"}
        _text(ax, enters - 0.06 * way, y, "h" if there else "g", color, size=10, **sides[0])
        result = "h + f(h)" if there else "g + Jᵀg"
        _text(ax, leaves + 0.06 * way, y, result, color, size=10, **sides[1])
    return figures.describe(
        figure,
        "Un bloque residual, dos veces. A la ida, h se bifurca: un camino llega a la suma sin "
        "cambios y el otro pasa por f; sale h + f(h). A la vuelta, el gradiente g se bifurca en "
        "la suma: un camino vuelve sin cambios y el otro se multiplica por la jacobiana "
        "traspuesta de f; llega g + Jᵀg.",
    )


# --- the pencil ---------------------------------------------------------------------------


def _canvas(height: float) -> tuple[Figure, Axes]:
    """Return a figure and axes without axes, whose coordinates are inches."""
    figure, axes = figures.subplots(size=(WIDTH, height))
    ax = axes[0, 0]
    figure.set_layout_engine("none")
    ax.set_position((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set(xlim=(0, WIDTH), ylim=(0, height))
    return figure, ax


def _fan(way: str) -> str:
    """Return the symbol of the fan "in" or "out".

    Alone: the letters of a formula keep the places that Matplotlib's font gave them, and words
    among them would look gappy in the font of the page.
    """
    return rf"$n_{{\mathrm{{{way}}}}}$"


def _text(ax, x, y, words, color=INK, *, size=SMALL, ha="center") -> None:
    ax.text(x, y, words, color=color, fontsize=size, ha=ha, va="center")


def _circle(ax, center, radius, color, *, filled=False) -> None:
    face = color if filled else "none"
    ax.add_patch(Circle(center, radius, facecolor=face, edgecolor=color, linewidth=STRONG))


def _arrow(ax, a, b, color, *, width=STRONG, gap=0.0, alpha=1.0, style="->", **line) -> None:
    """Draw an arrow between two points that stops short of them, by ``gap`` or (gap, gap)."""
    a, b = np.array(a), np.array(b)
    first, last = np.broadcast_to(gap, 2)
    way = (b - a) / np.hypot(*(b - a))
    ax.annotate(
        "",
        b - last * way,
        a + first * way,
        arrowprops={
            "arrowstyle": style if style == "-" else "->,head_length=0.35,head_width=0.18",
            "color": color,
            "linewidth": width,
            "alpha": alpha,
            "shrinkA": 0,
            "shrinkB": 0,
            **line,
        },
    )


def _cell(ax, x, y, size, text, color="", *, plain=False) -> None:
    """Draw a cell with a number; ``color`` fills it, and only a cell of a matrix is framed."""
    width, height = np.broadcast_to(size, 2)
    if color:
        ax.add_patch(Rectangle((x, y), width, height, color=color, alpha=0.25, linewidth=0))
    if not plain:
        frame = {"fill": False, "edgecolor": INK, "linewidth": 0.6, "alpha": 0.5}
        ax.add_patch(Rectangle((x, y), width, height, **frame))
    _text(ax, x + width / 2, y + height / 2, str(text).replace("-", "−"))


def _sum(a, b) -> str:
    """Write a sum of products as it is worked out."""
    terms = " + ".join(f"{p}·{q}" if q >= 0 else f"{p}·(−{-q})" for p, q in zip(a, b, strict=True))
    return terms.replace("-", "−")


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()
