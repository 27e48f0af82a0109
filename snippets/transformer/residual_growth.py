"""How the residual stream grows: 4ᴺ without norms, by a constant with them, hardly with 1/√(2N).

Chapter 14. The blocks are those of ``norm_place``. GPT-2 (Radford et al. 2019, section 2.3)
scales the weights that write into the stream by 1/√(residual layers), two a block; LayerScale
(Touvron et al. 2021) by a small number that is trained.
"""

import sys

from lab import cli, store
from transformer import norm_place
from transformer.norm_place import KINDS


@store.measurement
def measure(
    kinds=("bare", "pre", "scaled", "layerscale"),
    depth=24,
    width=128,
    tokens=16,
    seeds=5,
    first_seed=0,
):
    """Return the rows of ``norm_place.measure`` for stacks of one depth."""
    return norm_place.measure(kinds, (depth,), width, tokens, seeds, first_seed)


def predict(kind, depth, tokens):
    """Return the mean square of the stream after each block, (depth + 1,), theory's."""
    return norm_place.predict(kind, depth, tokens).size


def draw(blocks):
    """Draw the mean square of the stream, block by block."""
    from lab import figures, stats

    depth, tokens = int(blocks.depth.iloc[0]), int(blocks.tokens.iloc[0])
    kinds = list(dict.fromkeys(blocks.kind))
    panels = [kind for kind in kinds if kind == "bare"], [kind for kind in kinds if kind != "bare"]
    panels = [shown for shown in panels if shown]
    ratios = (1, 1.25)[-len(panels) :]
    figure, axes = figures.subplots(1, len(panels), size=(7.6, 3.5), width_ratios=ratios)
    for ax, shown in zip(axes[0], panels, strict=True):
        for kind in shown:
            color = figures.SEQUENCE[kinds.index(kind) % len(figures.SEQUENCE)]
            line = predict(kind, depth, tokens)
            ax.plot(range(depth + 1), line, color=color, linewidth=1, zorder=1)
            spread = stats.over_seeds(blocks[blocks.kind == kind], "block", "size")
            style = {"color": color, "markeredgecolor": color, "label": KINDS[kind].title}
            figures.measured_points(ax, spread, "linear", "he_normal", **style, markersize=4)
        figures.epoch_axis(ax, depth)
        ax.set_xlabel("bloque")
        figures.reference(ax, 1)
        if "bare" in shown:
            figures.log_axis(ax)
            ax.set_title(KINDS["bare"].title)
        else:
            ax.set_ylim(0, None)
            ax.set_title("con norma")
            ax.legend(loc="upper left")
    axes[0, 0].set_ylabel("cuadrado medio del flujo")
    values = summary(blocks)
    return figures.describe(
        figure,
        f"Cuadrado medio del flujo residual en {depth} bloques. Al salir: "
        + "; ".join(f"{KINDS[kind].title}, {values[f'{kind}_size']:.3g}" for kind in kinds)
        + ".",
    )


def summary(blocks):
    """Return the stream's mean square after the last block, by name, and theory's."""
    from lab import stats

    depth, tokens = int(blocks.depth.iloc[0]), int(blocks.tokens.iloc[0])
    last = blocks[blocks.block == depth].groupby("kind", sort=False)["size"]
    answer = {}
    for kind, sizes in last:
        answer[f"{kind}_size"] = float(stats.geometric_mean(sizes))
        answer[f"{kind}_size_theory"] = float(predict(kind, depth, tokens)[-1])
    return answer


def table(blocks):
    """Return the stream's mean square after the last block, for the terminal."""
    import pandas as pd

    values = summary(blocks)
    return pd.DataFrame(
        {
            "bloque": KINDS[kind].title,
            "cuadrado medio al salir": f"{values[f'{kind}_size']:.3g}",
            "(teoría)": f"{values[f'{kind}_size_theory']:.3g}",
        }
        for kind in dict.fromkeys(blocks.kind)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto crece el flujo residual, sin norma, con ella y con ramas pequeñas.",
            measure,
            draw,
            table,
            options=norm_place.OPTIONS,
        )
    )
