"""Attention makes tokens alike: alone within three layers, with residual branches slowly.

Chapter 14. Dong et al. (2021) prove that attention without residual connections or MLPs loses
rank doubly exponentially with depth. The blocks are those of ``norm_place``, which also has the
theory: how alike two tokens are after each block, and by how many keys attention is shared.
"""

import sys

from lab import store
from transformer import norm_place
from transformer.norm_place import KINDS

FLOOR = 1e-14  # nothing smaller is left of 1 − correlation in double precision


@store.measurement
def measure(
    kinds=("attention", "post", "pre", "scaled"),
    depth=24,
    width=128,
    tokens=16,
    seeds=5,
    first_seed=0,
):
    """Return the rows of ``norm_place.measure`` for stacks of one depth."""
    return norm_place.measure(kinds, (depth,), width, tokens, seeds, first_seed)


def predict(kind, depth, tokens):
    """Return (1 − correlation, keys attended) after each block, both (depth + 1,), theory's."""
    line = norm_place.predict(kind, depth, tokens)
    return 1 - line.alike, line.attended


def draw(blocks):
    """Draw what still sets tokens apart, and how many keys share the attention, by block."""
    import numpy as np

    from lab import figures, stats

    depth, tokens = int(blocks.depth.iloc[0]), int(blocks.tokens.iloc[0])
    blocks = blocks.assign(apart=np.maximum(1 - blocks.alike, FLOOR))
    figure, axes = figures.subplots(1, 2, size=(7.6, 3.6))
    panels = (
        ("apart", "lo que distingue a dos tokens, 1 − c", 0),
        ("attended", f"claves atendidas, de {tokens}", 1),
    )
    for number, (ax, (quantity, title, first)) in enumerate(zip(axes[0], panels, strict=True)):
        for color, kind in zip(figures.SEQUENCE, dict.fromkeys(blocks.kind), strict=False):
            line = predict(kind, depth, tokens)[number]
            seen = line > FLOOR
            ax.plot(np.arange(depth + 1)[seen], line[seen], color=color, linewidth=1, zorder=1)
            part = blocks[(blocks.kind == kind) & (blocks.block >= first)]
            part = part[part.apart > FLOOR] if quantity == "apart" else part
            spread = stats.over_seeds(part, "block", quantity, logarithmic=quantity == "apart")
            figures.points_of_seeds(ax, spread, color=color, label=KINDS[kind].title, markersize=4)
        figures.epoch_axis(ax, depth)
        ax.set_xlabel("bloque")
        ax.set_title(title)
    figures.log_axis(axes[0, 0])
    axes[0, 0].set_ylim(1e-8, 2)
    axes[0, 1].set_ylim(0, tokens * 1.05)
    axes[0, 1].set_yticks(range(0, tokens + 1, max(1, tokens // 4)))
    handles, _ = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    values = summary(blocks)
    return figures.describe(
        figure,
        "Lo que distingue a dos tokens y claves atendidas, bloque a bloque. Parecido tras "
        f"{depth} bloques: "
        + "; ".join(
            f"{KINDS[kind].title}, {values[f'{kind}_alike']:.2f}"
            for kind in dict.fromkeys(blocks.kind)
        )
        + ".",
    )


def summary(blocks):
    """Return what is left after the last block by name, "pre_alike", for the prose.

    ``…_attended``: keys attended in the last block; ``…_apart``: 1 − correlation there, and
    ``…_apart_3`` after three blocks.
    """
    from lab import stats

    depth = int(blocks.depth.iloc[0])
    answer = {"born_attended": float(blocks.attended[blocks.block == 1].mean())}
    for kind, part in blocks.groupby("kind", sort=False):
        last = part[part.block == depth]
        answer[f"{kind}_alike"] = float(last.alike.mean())
        answer[f"{kind}_attended"] = float(last.attended.mean())
        apart = (1 - part.alike).clip(lower=FLOOR).groupby(part.block).agg(stats.geometric_mean)
        answer[f"{kind}_apart"] = float(apart[depth])
        answer |= {f"{kind}_apart_{block}": float(apart[block]) for block in apart.index}
    return answer


def table(blocks):
    """Return what is left after the last block, for the terminal."""
    import pandas as pd

    values = summary(blocks)
    depth, tokens = int(blocks.depth.iloc[0]), int(blocks.tokens.iloc[0])
    return pd.DataFrame(
        {
            "bloque": KINDS[kind].title,
            "parecido": f"{values[f'{kind}_alike']:.3f}",
            "(teoría)": f"{1 - predict(kind, depth, tokens)[0][-1]:.3f}",
            "claves atendidas": f"{values[f'{kind}_attended']:.1f}",
            "(teoría) ": f"{predict(kind, depth, tokens)[1][-1]:.1f}",
        }
        for kind in dict.fromkeys(blocks.kind)
    )


if __name__ == "__main__":
    from lab import cli

    sys.exit(
        cli.main(
            "Mide cómo se parecen los tokens y cuánto se concentra la atención, bloque a bloque.",
            measure,
            draw,
            table,
            options=norm_place.OPTIONS,
        )
    )
