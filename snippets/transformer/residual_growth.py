"""How the residual stream grows: 4ᴺ without norms, by a constant with them, hardly with 1/√(2N).

Chapter 14. The blocks are those of ``norm_place``. GPT-2 (Radford et al. 2019, section 2.3)
scales the weights that write into the stream by 1/√(residual layers), two a block; LayerScale
(Touvron et al. 2021) by a small number that is trained.
"""

import sys

from lab import store
from transformer import norm_place
from transformer.norm_place import KINDS

#: Title of a panel → the kinds that it shows.
#:
#: :meta hide-value:
PANELS = {
    "sin normalizar": ("bare",),
    "norma antes": ("pre", "post", "attention"),
    "ramas encogidas": ("scaled", "layerscale"),
}


@store.measurement
def measure(
    kinds=("bare", "pre", "scaled", "layerscale"),
    depths=(6, 24),
    width=128,
    tokens=16,
    seeds=5,
    first_seed=0,
):
    """Return the rows of ``norm_place.measure``."""
    return norm_place.measure(kinds, depths, width, tokens, seeds, first_seed)


def predict(kind, depth, tokens):
    """Return the mean square of the stream after each block, (depth + 1,), theory's."""
    return norm_place.predict(kind, depth, tokens).size


def draw(blocks):
    """Draw the mean square of the stream, block by block, in the deepest stacks.

    A panel for each way to grow: an exponential, a straight line, hardly at all.
    """
    from lab import figures, stats

    depth, tokens = int(blocks.depth.max()), int(blocks.tokens.iloc[0])
    values = summary(blocks)
    blocks = blocks[blocks.depth == depth]
    kinds = list(dict.fromkeys(blocks.kind))
    panels = [(title, [kind for kind in kinds if kind in shown]) for title, shown in PANELS.items()]
    panels = [(title, shown) for title, shown in panels if shown]
    figure, axes = figures.subplots(1, len(panels), size=(8.2, 3.4))
    for ax, (title, shown) in zip(axes[0], panels, strict=True):
        for kind in shown:
            color = figures.SEQUENCE[kinds.index(kind) % len(figures.SEQUENCE)]
            line = predict(kind, depth, tokens)
            ax.plot(range(depth + 1), line, color=color, linewidth=1, zorder=1)
            spread = stats.over_seeds(blocks[blocks.kind == kind], "block", "size")
            figures.points_of_seeds(ax, spread, color=color, label=KINDS[kind].title, markersize=4)
        figures.epoch_axis(ax, depth)
        ax.set_xlabel("bloque")
        figures.reference(ax, 1)
        ax.set_title(title)
        if "bare" in shown:
            figures.log_axis(ax)
        else:
            ax.set_ylim(0, None)
        if len(shown) > 1:
            ax.legend(loc="lower right")
    axes[0, 0].set_ylabel("cuadrado medio del flujo")
    return figures.describe(
        figure,
        f"Cuadrado medio del flujo residual en {depth} bloques. Al salir: "
        + "; ".join(f"{KINDS[kind].title}, {values[f'{kind}_size']:.3g}" for kind in kinds)
        + ".",
    )


def summary(blocks):
    """Return the stream's mean square after the last block, by name, and theory's.

    "pre_size" and "pre_size_theory" are of the deepest stacks, "pre_6_size" of those of 6 blocks.
    """
    from lab import stats

    deepest, tokens = blocks.depth.max(), int(blocks.tokens.iloc[0])
    answer = {}
    for (kind, depth), part in _ends(blocks):
        found = {
            "size": float(stats.geometric_mean(part["size"])),
            "size_theory": float(predict(kind, depth, tokens)[-1]),
        }
        answer |= {f"{kind}_{depth}_{name}": value for name, value in found.items()}
        if depth == deepest:
            answer |= {f"{kind}_{name}": value for name, value in found.items()}
    return answer


def _ends(blocks):
    return blocks[blocks.block == blocks.depth].groupby(["kind", "depth"], sort=False)


def table(blocks):
    """Return the stream's mean square after the last block, for the terminal."""
    import pandas as pd

    values = summary(blocks)
    return pd.DataFrame(
        {
            "bloque": KINDS[kind].title,
            "bloques": depth,
            "cuadrado medio al salir": f"{values[f'{kind}_{depth}_size']:.3g}",
            "(teoría)": f"{values[f'{kind}_{depth}_size_theory']:.3g}",
        }
        for kind, depth in _ends(blocks).groups
    )


if __name__ == "__main__":
    from lab import cli

    sys.exit(
        cli.main(
            "Mide cuánto crece el flujo residual, sin norma, con ella y con ramas pequeñas.",
            measure,
            draw,
            table,
            options=norm_place.OPTIONS,
        )
    )
