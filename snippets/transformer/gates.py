"""What a gate does to the variance: a product of two signals, and a size that repels.

Chapter 14. A gated unit answers (W h) ⊙ φ(V h) (Dauphin et al. 2017, eq. 1; Shazeer 2020, eqs. 5
and 6). The two factors come from independent weights, so that E[h²] of the product is E[x²] times
E[φ²]: q · E[φ(√q u)²], by quadrature. Since φ grows with q, the whole grows faster than q.
"""

import sys

from lab import cli, store

#: Gate → its activation, and what the unit is called.
GATES = {
    "glu": ("sigmoid", "GLU (sigmoide)"),
    "reglu": ("relu", "ReGLU"),
    "geglu": ("gelu", "GEGLU"),
    "swiglu": ("silu", "SwiGLU"),
}
SHOWN = (0.5, 1.0, 2.0)
OPTIONS = {
    "gates": cli.Option(
        "--gate",
        cli.one_of(GATES, "la puerta"),
        f"puerta ({', '.join(GATES)})",
        "NOMBRE",
        many=True,
    ),
    "starts": cli.Option(
        "--start",
        cli.real("mayor que 0", lambda v: v > 0),
        "cuadrado medio de lo que entra",
        "X",
        many=True,
    ),
    "depth": cli.Option("--depth", cli.whole(1), "capas con puerta", "N"),
}


@store.measurement
def measure(
    gates=tuple(GATES),
    starts=(0.25, 0.5, 1.0, 2.0, 4.0),
    depth=5,
    width=512,
    vectors=8,
    seeds=5,
    first_seed=0,
):
    """Return one row per (gate, start, seed, layer): mean square of h, layer 0 the entrance.

    ``size`` is its geometric mean over the vectors. After each product comes a matrix whose gain
    keeps a mean square of 1; ``kept`` is what the product leaves, without that gain.
    """
    import numpy as np
    import pandas as pd

    from lab import theory

    rows = []
    for seed in cli.progress(range(first_seed, first_seed + seeds), "semillas"):
        rng = np.random.default_rng([seed, width])
        entering = rng.standard_normal((vectors, width))
        entering /= np.sqrt((entering**2).mean(axis=1, keepdims=True))
        # All the starts one below the other: one product of two matrices is the faster.
        entering = np.concatenate([np.sqrt(start) * entering for start in starts])
        matrices = rng.standard_normal((depth, 3, width, width)) / np.sqrt(width)
        for gate in gates:
            activation, _ = GATES[gate]
            phi = theory.ACTIVATIONS[activation].value
            gain = 1 / theory.second_moment(activation, 1.0)
            h, left = entering, np.full(len(starts), np.nan)
            for layer in range(depth + 1):
                if layer:
                    w, v, out = matrices[layer - 1]
                    product = (h @ w) * phi(h @ v)
                    left = (product**2).mean(axis=1) / (h**2).mean(axis=1)
                    left = left.reshape(len(starts), vectors).mean(axis=1)
                    h = np.sqrt(gain) * product @ out
                logs = np.log((h**2).mean(axis=1)).reshape(len(starts), vectors)
                sizes = np.exp(logs.mean(axis=1))
                rows += [
                    {
                        "gate": gate,
                        "start": start,
                        "width": width,
                        "seed": seed,
                        "layer": layer,
                        "size": sizes[number],
                        "kept": left[number],
                    }
                    for number, start in enumerate(starts)
                ]
    return pd.DataFrame(rows)


def kept(gate, q):
    """Return E[φ(√q u)²], what the product leaves of a mean square q."""
    from lab import theory

    return theory.second_moment(GATES[gate][0], q)


def predict(gate, start, layer):
    """Return the mean square of h in that layer."""
    q = start
    for _ in range(layer):
        q *= kept(gate, q) / kept(gate, 1.0)
    return q


def slope(gate, q=1.0, step=1e-4):
    """Return by what a small relative change of q is multiplied: 1 + d ln E[φ²] / d ln q."""
    import math

    high, low = (kept(gate, q * math.exp(sign * step)) for sign in (1, -1))
    return 1 + (math.log(high) - math.log(low)) / (2 * step)


def draw(gated):
    """Draw what a product keeps, by the size that enters, and the fate of a stack of them."""
    import numpy as np

    from lab import figures, stats

    gates = list(dict.fromkeys(gated.gate))
    figure, axes = figures.subplots(1, 2, size=(7.6, 3.5))
    left, right = axes[0]
    colors = dict(zip(gates, figures.SEQUENCE, strict=False))
    starts = np.geomspace(gated.start.min(), gated.start.max(), 100)
    for gate in gates:
        color = colors[gate]
        lines = [kept(gate, q) for q in starts]
        left.plot(starts, lines, color=color, linewidth=1, zorder=1)
        spread = stats.over_seeds(gated[(gated.gate == gate) & (gated.layer == 1)], "start", "kept")
        figures.points_of_seeds(left, spread, color=color, markersize=5, label=GATES[gate][1])
    for ax in (left, right):
        ax.set_yscale("log")
        ax.minorticks_off()
    figures.log_axis(left)
    left.set_xscale("log", base=2)
    left.set_xticks([0.25, 0.5, 1, 2, 4], ["0.25", "0.5", "1", "2", "4"])
    left.set_xlabel("cuadrado medio que entra, q")
    left.set_title("parte que deja el producto")
    depth, last = int(gated.layer.max()), gates[-1]
    shown = [start for start in SHOWN if start in set(gated.start)] or [gated.start.iloc[0]]
    for color, start in zip((*figures.SEQUENCE[4:], figures.INK), shown, strict=False):
        layers = range(depth + 1)
        line = [predict(last, start, layer) for layer in layers]
        right.plot(layers, line, color=color, linewidth=1, zorder=1)
        part = gated[(gated.gate == last) & (gated.start == start)]
        spread = stats.over_seeds(part, "layer", "size")
        figures.points_of_seeds(right, spread, color=color, markersize=5, label=f"entra {start:g}")
    right.legend(loc="upper left")
    figures.log_axis(right)
    figures.reference(right, 1)
    figures.epoch_axis(right, depth)
    right.set_xlabel("capa")
    right.set_title(f"cuadrado medio, pila de {GATES[last][1]}")
    handles, _ = left.get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=4)
    values = summary(gated)
    return figures.describe(
        figure,
        "Parte del cuadrado medio que deja cada puerta, según lo que entra, y tamaño en una pila "
        f"de {depth} capas. Cuando entra 1: "
        + "; ".join(f"{GATES[gate][1]}, {values[f'{gate}_kept_theory']:.2f}" for gate in gates)
        + ". Lo que entra un poco menor se apaga, y lo que entra un poco mayor explota.",
    )


def summary(gated):
    """Return what is left of a mean square of 1, "swiglu_kept"; "…_slope", theory's.

    "swiglu_0.5_end" is the mean square after the last layer of what entered with 0.5.
    """
    from lab import stats

    answer = {}
    for gate, part in gated.groupby("gate", sort=False):
        first = part[(part.layer == 1) & (part.start == 1.0)]
        if len(first):
            answer[f"{gate}_kept"] = float(stats.geometric_mean(first.kept))
        answer[f"{gate}_kept_theory"] = kept(gate, 1.0)
        answer[f"{gate}_slope"] = slope(gate)
        ends = part[part.layer == part.layer.max()].groupby("start")["size"]
        for start, value in ends.agg(stats.geometric_mean).items():
            answer[f"{gate}_{start:g}_end"] = float(value)
    return answer


def table(gated):
    """Return what each gate keeps, for the terminal."""
    import pandas as pd

    from lab import stats

    first = gated[gated.layer == 1].groupby(["gate", "start"], sort=False).kept
    return pd.DataFrame(
        {
            "puerta": GATES[gate][1],
            "entra": f"{start:g}",
            "deja": f"{value:.3f}",
            "(teoría)": f"{kept(gate, start):.3f}",
        }
        for (gate, start), value in first.agg(stats.geometric_mean).items()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto deja pasar una unidad con puerta, y qué es de una pila de ellas.",
            measure,
            draw,
            table,
            options=OPTIONS
            | {"vectors": cli.Option("--vectors", cli.whole(1), "vectores por semilla", "N")},
        )
    )
