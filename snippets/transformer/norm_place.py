"""LayerNorm after the sum or before the branch: the gradient that each block gets at birth.

Chapter 14. Stacks of transformer blocks (attention and an MLP of ReLU, both of gain 1) on tokens
that are independent at the entrance. Xiong et al. (2020, theorem 1) bound the gradient of the
last block's MLP: it does not fall with the depth if the norm comes after the sum, and falls
like 1/√L if it comes before. Here theory follows four numbers from sublayer to sublayer: the
second moment of a token and the correlation of two, and the same of their gradients.
"""

import functools
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lab import cli, store

HEADS = 4
EPSILON = 1e-12  # of the norms: small enough for tokens of any size
LAYER_SCALE = 0.1


@dataclass(frozen=True)
class Kind:
    """One way to put a block together: what is summed, and where it is normalized.

    ``scale``: blocks → what multiplies each branch.
    """

    label: str
    before: bool = False
    after: bool = False
    skip: bool = True
    mlp: bool = True
    scale: Callable[[int], float] = lambda blocks: 1.0

    @property
    def title(self) -> str:
        """The label where no other word says what it is about."""
        normed = self.skip and (self.before or self.after)
        return f"norma {self.label}" if normed else self.label


#: Name → block.
#:
#: :meta hide-value:
KINDS = {
    "post": Kind("después de la suma", after=True),
    "pre": Kind("antes de la rama", before=True),
    "bare": Kind("sin normalizar"),
    "scaled": Kind("antes, con 1/√(2N)", before=True, scale=lambda n: 1 / math.sqrt(2 * n)),
    "layerscale": Kind(f"antes, con λ = {LAYER_SCALE}", before=True, scale=lambda n: LAYER_SCALE),
    "attention": Kind("solo atención", before=True, skip=False, mlp=False),
}
QUESTIONS = ("token", "sequence")
OPTIONS = {
    "kinds": cli.Option(
        "--kind", cli.one_of(KINDS, "el bloque"), f"bloque ({', '.join(KINDS)})", "NOMBRE", True
    ),
    "depths": cli.Option("--depth", cli.whole(1), "bloques", "N", True),
    "depth": cli.Option("--depth", cli.whole(1), "bloques", "N"),
    "width": cli.Option("--width", lambda text: _multiple(cli.whole(HEADS)(text)), "anchura", "N"),
    "tokens": cli.Option("--tokens", cli.whole(2), "tokens por secuencia", "N"),
    "question": cli.Option(
        "--question",
        cli.one_of(QUESTIONS, "la pregunta"),
        "lo que se pregunta: a cada token algo distinto (token) o lo mismo a todos (sequence)",
        "NOMBRE",
    ),
}


def _multiple(width):
    if width % HEADS:
        raise ValueError(f"recibido «{width}»; hace falta un múltiplo de {HEADS}, las cabezas")
    return width


@store.measurement
def measure(
    kinds=("post", "pre"),
    depths=(2, 6, 12, 24, 48),
    width=128,
    tokens=16,
    seeds=5,
    first_seed=0,
    question="token",
):
    """Return one row per (kind, depth, seed, block), block 0 being the entrance.

    ``size``: mean square of the tokens that leave the block; ``alike``: their mean correlation;
    ``gradient``: rms of the loss's gradient there, that of the normalized output being 1;
    ``weight_gradient``: rms of the gradient of the MLP's first matrix; ``attended``: e^entropy
    of the block's attention, in keys.
    """
    import pandas as pd

    work = [(kind, depth) for kind in kinds for depth in depths]
    seeds = range(first_seed, first_seed + seeds)
    x, asked, weights = draw_weights(seeds, max(depths), width, tokens)
    if question == "sequence":
        asked = asked[:, :1].repeat(tokens, axis=1)
    frames = [
        pd.DataFrame(born(KINDS[kind], depth, x, asked, weights, seeds)).assign(
            kind=kind, depth=depth, width=width, tokens=tokens, question=question
        )
        for kind, depth in cli.progress(work, "redes")
    ]
    return pd.concat(frames, ignore_index=True)


def draw_weights(seeds, blocks, width, tokens):
    """Return tokens, questions (both (seeds, tokens, width)) and the matrices of each block.

    A shallower stack has the first blocks of a deeper one.
    """
    import numpy as np

    hidden = 2 * width
    shapes = dict.fromkeys(("query", "key", "value", "out"), (width, width, 1.0))
    shapes |= {"in": (width, hidden, 2.0), "back": (hidden, width, 1.0)}
    streams = [np.random.default_rng([seed, width, tokens]) for seed in seeds]

    def normal(*shape):
        # (in single precision they take half the time, and nobody sees their last digits)
        drawn = [stream.standard_normal(shape, dtype="float32") for stream in streams]
        return np.stack(drawn).astype("float64")

    x, asked = normal(tokens, width), normal(tokens, width)
    blocks = [
        {name: normal(n, m) * math.sqrt(gain / n) for name, (n, m, gain) in shapes.items()}
        for _ in range(blocks)
    ]
    return x, asked, blocks


def normalize(x):
    """LayerNorm without its γ and β, which are born as 1 and 0."""
    import tensorflow as tf

    x -= tf.reduce_mean(x, axis=-1, keepdims=True)
    return x / tf.sqrt(tf.reduce_mean(x * x, axis=-1, keepdims=True) + EPSILON)


def attention(x, w):
    """Return what the heads answer, (seeds, tokens, width), and how each token attends.

    ``p`` is (seeds, heads, tokens, tokens), each row a distribution over the keys.
    """
    import tensorflow as tf

    seeds, tokens, width = x.shape
    size = width // HEADS

    def heads(name):
        return tf.transpose(tf.reshape(x @ w[name], (seeds, tokens, HEADS, size)), (0, 2, 1, 3))

    logits = tf.matmul(heads("query"), heads("key"), transpose_b=True) / math.sqrt(size)
    p = tf.nn.softmax(logits)
    answers = tf.transpose(p @ heads("value"), (0, 2, 1, 3))
    return tf.reshape(answers, (seeds, tokens, width)) @ w["out"], p


def block(x, w, kind, scale):
    """Return the tokens after one block, and how they attended."""
    import tensorflow as tf

    branch, p = attention(normalize(x) if kind.before else x, w)
    x = x + scale * branch if kind.skip else branch
    x = normalize(x) if kind.after else x
    if kind.mlp:
        h = normalize(x) if kind.before else x
        x = x + scale * tf.nn.relu(h @ w["in"]) @ w["back"]
        x = normalize(x) if kind.after else x
    return x, p


def born(kind, depth, x, asked, weights, seeds):
    """Pass the tokens through a stack and a gradient back; return the columns of ``measure``."""
    import numpy as np
    import tensorflow as tf

    from transformer.attention_logits import entropy

    x = normalize(tf.constant(x))
    weights = [{name: tf.constant(matrix) for name, matrix in w.items()} for w in weights[:depth]]
    tokens, attended = [x], [np.full(len(seeds), np.nan)]
    with tf.GradientTape() as tape:
        tape.watch([x] + [w["in"] for w in weights])
        for w in weights:
            x, p = block(x, w, kind, kind.scale(depth))
            tokens.append(x)
            attended.append(np.exp(entropy(p.numpy()).mean(axis=(1, 2))))
        asks = tf.reduce_sum(normalize(x) * asked)
    back, of_weights = tape.gradient(asks, (tokens, [w["in"] for w in weights]))
    nothing = np.full(len(seeds), np.nan)
    of_weights = [nothing if g is None else _rms(g.numpy()) for g in of_weights]
    moments = [_moments(x.numpy()) for x in tokens]
    return {
        "block": np.repeat(np.arange(depth + 1), len(seeds)),
        "seed": np.tile(seeds, depth + 1),
        "size": np.concatenate([size for size, _ in moments]),
        "alike": np.concatenate([shared / size for size, shared in moments]),
        "gradient": np.concatenate([_rms(g.numpy()) for g in back]),
        "weight_gradient": np.concatenate([nothing, *of_weights]),
        "attended": np.concatenate(attended),
    }


def _rms(values):
    return (values**2).mean(axis=(1, 2)) ** 0.5


def _moments(x):
    """Mean square of the tokens, and the mean product of two different ones; both (seeds,)."""
    tokens = x.shape[1]
    own = (x**2).mean(axis=(1, 2))
    of_mean = (x.mean(axis=1) ** 2).mean(axis=1)
    return own, (tokens * of_mean - own) / (tokens - 1)


# --- theory -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prediction:
    """The columns of ``measure`` as theory has them, arrays of shape (depth + 1,)."""

    size: Sequence[float]
    alike: Sequence[float]
    gradient: Sequence[float]
    weight_gradient: Sequence[float]
    attended: Sequence[float]


def overlaps(alike, size, tokens):
    """Return E[Σ p_ij²], E[Σ_j p_ij p_kj] of two tokens, and E[entropy].

    Logits have variance size². What all the keys have in common moves none of them against
    another: size²(1 − alike) is left, of which two tokens share the part ``alike``. How two of
    them overlap is taken to be how one would whose logits vary as much as they share: exact if
    they share all or nothing, and to first order.
    """
    from lab.theory import softmax_of_normals

    variance = size**2 * (1 - alike)
    mean_entropy, own = softmax_of_normals(round(variance, 12), tokens)
    _, shared = softmax_of_normals(round(max(alike, 0.0) * variance, 12), tokens)
    return own, shared, mean_entropy


def relu_alike(alike):
    """Correlation of two tokens after an MLP of ReLU (Cho and Saul 2009, n = 1)."""
    angle = math.acos(min(alike, 1.0))
    return (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi


def relu_agree(alike):
    """Share of the units of ReLU that two tokens turn on together, among those of one of them."""
    return 1 - math.acos(min(alike, 1.0)) / math.pi


@functools.lru_cache(maxsize=100)
def predict(kind, depth, tokens=16, question="token"):
    """Return a ``Prediction`` for wide blocks, sublayer by sublayer.

    Without norms logits grow without end, and theory is silent about the gradient (NaN).
    """
    import numpy as np

    kind, scale2 = KINDS[kind], KINDS[kind].scale(depth) ** 2
    size, alike, steps = 1.0, 0.0, []
    sizes, likes, attended = [size], [alike], [math.nan]
    for sublayer in ("attention", "mlp") * depth:
        if sublayer == "mlp" and kind.mlp:
            own, shared = 1.0, relu_alike(alike)
            steps.append((sublayer, alike, None, None))
        elif sublayer == "attention":
            k, k2, mean_entropy = overlaps(alike, 1.0 if kind.before else size, tokens)
            own, shared = k + (1 - k) * alike, k2 + (1 - k2) * alike
            steps.append((sublayer, alike, k, k2))
            attended.append(math.exp(mean_entropy))
        if sublayer == "attention" or kind.mlp:
            factor = scale2 * (1.0 if kind.before else size)
            before, kept = size, size if kind.skip else 0.0
            size = kept + factor * own
            alike = (kept * alike + factor * shared) / size
            steps[-1] += (scale2 / before if kind.before else scale2, size)
            size = 1.0 if kind.after else size
        if sublayer == "mlp":
            sizes.append(size)
            likes.append(alike)
    columns = np.array(sizes), np.array(likes), *_backward(kind, steps, size, tokens, question)
    return Prediction(*columns, np.array(attended))


def _backward(kind, steps, size, tokens, question):
    """Return rms of the gradient after each block, and of the gradient of its first matrix."""
    import numpy as np

    own = 1.0 / (1.0 if kind.after else size)
    shared = own if question == "sequence" else 0.0
    gradients, of_weights, scale2 = [own], [], kind.scale(len(steps) // 2) ** 2
    for sublayer, alike, k, k2, branch, summed in reversed(steps):
        if kind.after:  # the norm divides what it gets by the size of the sum
            own, shared = own / summed, shared / summed
        if sublayer == "mlp":
            back, back2 = own, shared * relu_agree(alike)
            # δ of the hidden units is half of what W' returns, and W' has half as many rows.
            pairs = own + (tokens - 1) * alike * back2
            of_weights.append(scale2 * tokens * pairs / 4)
        else:
            # By the values; then what reaches queries and keys through the logits.
            values = k * own + (tokens - 1) * k2 * shared
            back = values + k * own * ((1 - alike) + (1 - alike) ** 2)
            back2 = (own + (tokens - 1) * shared - values) / (tokens - 1)
        kept = 1.0 if kind.skip else 0.0
        own, shared = kept * own + branch * back, kept * shared + branch * back2
        if sublayer == "attention":
            gradients.append(own)
    if not (kind.before or kind.after):
        return np.full((2, len(gradients)), np.nan)
    of_weights = of_weights or [np.nan] * (len(gradients) - 1)
    return np.sqrt(gradients[::-1]), np.sqrt([np.nan, *of_weights[::-1]])


# --- figure and numbers -------------------------------------------------------------------


def draw(blocks):
    """Draw the gradient of each block's first matrix, a panel per kind, a line per depth."""
    from lab import figures, stats

    kinds = list(dict.fromkeys(blocks.kind))
    depths = sorted(blocks.depth.unique())
    figure, axes = figures.subplots(1, len(kinds), size=(3.6 * len(kinds) + 0.4, 3.6), sharey=True)
    for ax, kind in zip(axes[0], kinds, strict=True):
        for color, depth in zip(figures.SEQUENCE * 9, depths, strict=False):
            part = blocks[(blocks.kind == kind) & (blocks.depth == depth) & (blocks.block > 0)]
            line = predict(kind, depth, *_world(part)).weight_gradient
            ax.plot(range(1, depth + 1), line[1:], color=color, linewidth=1, zorder=1)
            spread = stats.over_seeds(part, "block", "weight_gradient")
            if depth < depths[-1]:  # five bands one upon the other would show nothing
                spread = replace(spread, low=spread.centre, high=spread.centre)
            figures.points_of_seeds(
                ax, spread, color=color, markersize=3.5, label=f"{depth} bloques"
            )
        figures.log_axis(ax)
        figures.log_axis(ax, "x")
        ticks = [1, *(depth for depth in depths if depth > 1)]
        ax.set_xticks(ticks, [str(tick) for tick in ticks])
        ax.set_xlabel("bloque")
        ax.set_title(KINDS[kind].title)
    axes[0, 0].set_ylabel("gradiente de los pesos, ∂L/∂W")
    handles, _ = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    values = summary(blocks)
    return figures.describe(
        figure,
        "Gradiente de los pesos, bloque a bloque, en pilas de varias profundidades. "
        + " ".join(
            f"Con {depths[-1]} bloques, {KINDS[kind].title}: "
            f"{values[f'{kind}_{depths[-1]}_first']:.2g} en el primero y "
            f"{values[f'{kind}_{depths[-1]}_last']:.2g} en el último."
            for kind in kinds
        ),
    )


def _world(part):
    """Return the arguments of ``predict`` that are columns."""
    return int(part.tokens.iloc[0]), part.question.iloc[0]


def summary(blocks):
    """Return what first and last block get, by name, "post_48_last", for the prose.

    ``…_theory`` is what theory has for it, ``…_spread`` how many times as much the luckiest
    seed's first block gets as the unluckiest's, ``…_size`` and ``…_alike`` are of the last block.
    """
    from lab import stats

    answer = {}
    for (kind, depth), part in blocks.groupby(["kind", "depth"], sort=False):
        line = predict(kind, depth, *_world(part))
        for name, place in (("first", 1), ("last", depth)):
            found = stats.geometric_mean(part.weight_gradient[part.block == place])
            answer[f"{kind}_{depth}_{name}"] = float(found)
            answer[f"{kind}_{depth}_{name}_theory"] = float(line.weight_gradient[place])
        first = part.weight_gradient[part.block == 1]
        answer[f"{kind}_{depth}_spread"] = float(first.max() / first.min())
        last = part[part.block == depth]
        answer[f"{kind}_{depth}_size"] = float(stats.geometric_mean(last["size"]))
        answer[f"{kind}_{depth}_alike"] = float(last.alike.mean())
    return answer


def table(blocks):
    """Return what first and last block get, for the terminal."""
    import pandas as pd

    values = summary(blocks)
    return pd.DataFrame(
        {
            "bloque": KINDS[kind].title,
            "bloques": depth,
            "∂L/∂W primero": f"{values[f'{kind}_{depth}_first']:.3g}",
            "(teoría)": f"{values[f'{kind}_{depth}_first_theory']:.3g}",
            "∂L/∂W último": f"{values[f'{kind}_{depth}_last']:.3g}",
            "(teoría) ": f"{values[f'{kind}_{depth}_last_theory']:.3g}",
            "tamaño al salir": f"{values[f'{kind}_{depth}_size']:.3g}",
            "parecido": f"{values[f'{kind}_{depth}_alike']:.2f}",
        }
        for kind, depth in dict.fromkeys(zip(blocks.kind, blocks.depth, strict=True))
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide el gradiente de cada bloque con la norma antes de la rama o tras la suma.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )
