"""First aid for a transformer that learns badly: warm-up and clipping, with Adam and with SGD.

Chapter 14. The digits as sequences of 8 rows of 8 pixels, in blocks like those of ``norm_place``,
trained for a few steps. Warm-up raises the rate from 0 along a straight line over the first
steps (Vaswani et al. 2017, section 5.3); clipping shortens the whole gradient to a given norm
(Pascanu et al. 2013, algorithm 1). All the networks of one kind are trained side by side: every
weight has one axis more, (network, …).
"""

import sys
from dataclasses import dataclass

from lab import cli, store
from transformer.norm_place import HEADS, KINDS, OPTIONS

ROWS, PIXELS, CLASSES = 8, 8, 10


@dataclass(frozen=True)
class Aid:
    """What is done: a part of the steps for warm-up, a norm to clip to."""

    label: str
    warmup: float = 0.0
    clip: float = float("inf")


#: Name → aid.
#:
#: :meta hide-value:
AIDS = {
    "none": Aid("nada"),
    "warmup": Aid("calentamiento", warmup=1 / 3),
    "clip": Aid("recorte", clip=1.0),
}
PLACES = ("post", "pre")
OPTIMIZERS = {"adam": "Adam", "sgd": "SGD"}
RATE = cli.real("mayor que 0", lambda v: v > 0)
MINE = {
    **OPTIONS,
    "kinds": cli.Option(
        "--kind", cli.one_of(PLACES, "el bloque"), "bloque (post, pre)", "NOMBRE", many=True
    ),
    "aids": cli.Option(
        "--aid", cli.one_of(AIDS, "el remedio"), f"remedio ({', '.join(AIDS)})", "NOMBRE", many=True
    ),
    "steps": cli.Option("--steps", cli.whole(1), "pasos de entrenamiento", "N"),
    "optimizers": cli.Option(
        "--optimizer", cli.one_of(OPTIMIZERS, "el optimizador"), "adam o sgd", "NOMBRE", many=True
    ),
    "adam_rate": cli.Option("--adam-rate", RATE, "tasa de aprendizaje de Adam", "X"),
    "sgd_rate": cli.Option("--sgd-rate", RATE, "tasa de aprendizaje de SGD", "X"),
}


@store.measurement
def measure(
    kinds=PLACES,
    aids=tuple(AIDS),
    optimizers=tuple(OPTIMIZERS),
    adam_rate=0.01,
    sgd_rate=0.06,
    depth=4,
    width=32,
    steps=120,
    batch_size=16,
    seeds=5,
    first_seed=0,
):
    """Return one row per (kind, optimizer, aid, seed, step): loss, norm of the gradient.

    The norm is that before clipping.
    ``test_accuracy`` is that after the last step, in all the rows of a network.
    """
    import itertools

    import numpy as np
    import pandas as pd

    from lab import data

    images = data.load()
    rates = {"adam": adam_rate, "sgd": sgd_rate}
    networks = list(itertools.product(optimizers, aids, range(first_seed, first_seed + seeds)))
    frames = []
    for kind in cli.progress(kinds, "entrenando"):
        training = Training(kind, networks, rates, depth, width, steps)
        order = batches(len(images.x_train), steps, batch_size, first_seed)
        losses, norms = training.run(images.x_train[order], images.y_train[order])
        right = training.accuracy(images.x_test, images.y_test)
        for number, (optimizer, aid, seed) in enumerate(networks):
            frames.append(
                pd.DataFrame(
                    {
                        "kind": kind,
                        "optimizer": optimizer,
                        "aid": aid,
                        "rate": rates[optimizer],
                        "seed": seed,
                        "step": np.arange(1, steps + 1),
                        "loss": losses[:, number],
                        "gradient_norm": norms[:, number],
                        "test_accuracy": right[number],
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def batches(samples, steps, batch_size, seed):
    """Return which samples each step takes, (steps, batch_size); an epoch takes each once."""
    import numpy as np

    rng = np.random.default_rng(seed)
    epochs = 1 + steps * batch_size // samples
    order = np.concatenate([rng.permutation(samples) for _ in range(epochs)])
    return order[: steps * batch_size].reshape(steps, batch_size)


def initial_weights(seeds, depth, width):
    """Return {name: array (network, …)}; the same seed, the same weights."""
    import numpy as np

    shapes = {"rows": (PIXELS, width, 1.0), "places": (ROWS, width, ROWS / 4)}
    for block in range(depth):
        shapes |= {
            f"qkv{block}": (width, 3 * width, 1.0),
            f"out{block}": (width, width, 1.0),
            f"in{block}": (width, 2 * width, 2.0),
            f"back{block}": (2 * width, width, 1.0),
        }
    shapes["head"] = (width, CLASSES, 1.0)
    drawn = {}
    for name, (n, m, gain) in shapes.items():
        key = list(name.encode())
        normal = [np.random.default_rng([seed, *key]).standard_normal((n, m)) for seed in seeds]
        drawn[name] = (np.stack(normal) * np.sqrt(gain / n)).astype("float32")
    # γ and β of the norms: two in each block, and one before the head
    for norm in [f"{part}{block}" for block in range(depth) for part in "am"] + ["end"]:
        drawn[f"gamma_{norm}"] = np.ones((len(seeds), 1, width), "float32")
        drawn[f"beta_{norm}"] = np.zeros((len(seeds), 1, width), "float32")
    return drawn


class Training:
    """Networks of one kind, each with its own optimizer, aid and seed, trained side by side."""

    def __init__(self, kind, networks, rates, depth, width, steps):
        import numpy as np
        import tensorflow as tf

        # Graphs of networks this small come out as fast as they went in, but seconds later.
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
        optimizers, aids, seeds = zip(*networks, strict=True)
        self.kind, self.depth, self.width = KINDS[kind], depth, width
        drawn = initial_weights(seeds, depth, width)
        self.weights = {name: tf.Variable(value) for name, value in drawn.items()}
        self.state = {
            name: (tf.Variable(tf.zeros_like(value)), tf.Variable(tf.zeros_like(value)))
            for name, value in drawn.items()
        }
        # Each weight has both steps worked out and takes one: one program serves both.
        self.rates = {
            name: np.array([rates[name] * (name == own) for own in optimizers], "float32")
            for name in OPTIMIZERS
        }
        self.warmup = np.array([max(1, AIDS[aid].warmup * steps) for aid in aids], "float32")
        self.clip = np.array([AIDS[aid].clip for aid in aids], "float32")

    def run(self, images, classes):
        """Train; return the losses and the norms of the gradients, arrays of (step, network).

        Args:
            images: float32 (step, image, 64).
            classes: whole numbers (step, image).
        """
        import tensorflow as tf

        batches = tf.constant(images), tf.constant(classes)
        # Called as a tf.function, it would warn whoever trains five times in a row.
        program = tf.function(self._run).get_concrete_function(*batches)
        return [tensor.numpy() for tensor in program(*batches)]

    def _norm(self, x, name):
        import tensorflow as tf

        x -= tf.reduce_mean(x, axis=-1, keepdims=True)
        x *= tf.math.rsqrt(tf.reduce_mean(x * x, axis=-1, keepdims=True) + 1e-5)
        return x * self.weights[f"gamma_{name}"] + self.weights[f"beta_{name}"]

    def _attention(self, x, block):
        import tensorflow as tf

        networks, tokens, width = x.shape[0], tf.shape(x)[1], self.width
        qkv = tf.reshape(
            x @ self.weights[f"qkv{block}"],
            (networks, tokens // ROWS, ROWS, 3, HEADS, width // HEADS),
        )
        q, k, v = tf.unstack(tf.transpose(qkv, (3, 0, 1, 4, 2, 5)))
        p = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) / (width // HEADS) ** 0.5)
        answers = tf.transpose(p @ v, (0, 1, 3, 2, 4))
        return tf.reshape(answers, (networks, tokens, width)) @ self.weights[f"out{block}"]

    def logits(self, images):
        """Return (network, image, class) of images, (image, 64)."""
        import tensorflow as tf

        w, many = self.weights, tf.shape(images)[0]
        x = tf.reshape(images, (1, many, ROWS, PIXELS)) @ w["rows"][:, None]
        x = tf.reshape(x + w["places"][:, None], (x.shape[0], many * ROWS, self.width))
        before = self._norm if self.kind.before else lambda x, name: x
        after = self._norm if self.kind.after else lambda x, name: x
        for block in range(self.depth):
            x = after(x + self._attention(before(x, f"a{block}"), block), f"a{block}")
            hidden = tf.nn.relu(before(x, f"m{block}") @ w[f"in{block}"])
            x = after(x + hidden @ w[f"back{block}"], f"m{block}")
        x = self._norm(x, "end")
        mean = tf.reduce_mean(tf.reshape(x, (x.shape[0], many, ROWS, self.width)), axis=2)
        return mean @ w["head"]

    def _losses(self, images, classes):
        import tensorflow as tf

        logits = self.logits(images)
        classes = tf.broadcast_to(classes, tf.shape(logits)[:2])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(classes, logits)
        return tf.reduce_mean(losses, axis=1)

    def _run(self, images, classes):
        import tensorflow as tf

        steps = images.shape[0]
        losses, norms = (tf.TensorArray(tf.float32, steps) for _ in range(2))
        for step in tf.range(steps):
            with tf.GradientTape() as tape:
                each = self._losses(images[step], classes[step])
                total = tf.reduce_sum(each)  # networks do not meet: each gets its own gradient
            gradients = tape.gradient(total, self.weights)
            squares = [tf.reduce_sum(g * g, axis=(1, 2)) for g in gradients.values()]
            norm = tf.sqrt(tf.add_n(squares))
            self._apply(gradients, tf.minimum(1.0, self.clip / norm), tf.cast(step + 1, tf.float32))
            losses, norms = losses.write(step, each), norms.write(step, norm)
        return losses.stack(), norms.stack()

    def _apply(self, gradients, shortened, step):
        """Take a step of SGD with momentum 0.9, or of Adam with Keras's β and ε.

        Adam's mean is a tenth of SGD's velocity.
        """
        import tensorflow as tf

        warmth = tf.minimum(1.0, step / self.warmup)
        adam, sgd = ((self.rates[name] * warmth)[:, None, None] for name in ("adam", "sgd"))
        for name, weight in self.weights.items():
            mean, square = self.state[name]
            gradient = gradients[name] * shortened[:, None, None]
            mean.assign(0.9 * mean + 0.1 * gradient)
            square.assign(0.999 * square + 0.001 * gradient**2)
            typical = tf.sqrt(square / (1 - 0.999**step)) + 1e-7
            weight.assign_sub((adam / (1 - 0.9**step) / typical + 10 * sgd) * mean)

    def accuracy(self, images, classes):
        """Return the share of the images that each network gets right, (network,)."""
        return (self.logits(images).numpy().argmax(axis=-1) == classes).mean(axis=1)


def draw(runs):
    """Draw the loss while training: a row per place of the norm, a column per optimizer."""
    import math

    from lab import figures, stats

    kinds, optimizers = (list(dict.fromkeys(runs[name])) for name in ("kind", "optimizer"))
    figure, axes = figures.subplots(
        len(kinds),
        len(optimizers),
        size=(3.5 * len(optimizers) + 0.6, 2.3 * len(kinds) + 0.7),
        sharex=True,
        sharey=True,
    )
    runs = runs.assign(smooth=_smooth(runs))
    for row, kind in zip(axes, kinds, strict=True):
        for ax, optimizer in zip(row, optimizers, strict=True):
            part = runs[(runs.kind == kind) & (runs.optimizer == optimizer)]
            for color, aid in zip(figures.SEQUENCE, dict.fromkeys(runs.aid), strict=False):
                mine = part[part.aid == aid]
                spread = stats.over_seeds(mine, "step", "smooth", logarithmic=False)
                style = {"color": color, "label": AIDS[aid].label}
                figures.measured_line(ax, spread, "linear", "he_normal", **style)
            figures.reference(ax, math.log(CLASSES), "azar" if ax is axes[-1, 0] else "")
            ax.set_title(f"{KINDS[kind].title}, {OPTIMIZERS[optimizer]}")
    for ax in axes[-1]:
        ax.set_xlabel("paso")
    for ax in axes[:, 0]:
        ax.set_ylabel("pérdida")
    axes[0, 0].set_ylim(0, 2.9)
    handles, _ = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    values = summary(runs)
    return figures.describe(
        figure,
        "Pérdida al entrenar un transformer pequeño con cada remedio. Aciertos al acabar: "
        + "; ".join(
            f"{KINDS[kind].title}, {OPTIMIZERS[optimizer]}, {AIDS[aid].label}, "
            f"{100 * values[f'{kind}_{optimizer}_{aid}']:.0f} %"
            for kind, optimizer, aid in _ended(runs).groups
        )
        + ".",
    )


def _smooth(runs):
    """Return the mean loss of the last ten steps: that of one batch jumps."""
    network = ["kind", "optimizer", "aid", "seed"]
    means = runs.groupby(network, sort=False).loss.rolling(10, min_periods=1).mean()
    return means.reset_index(level=network, drop=True)


def _ended(runs):
    return runs[runs.step == runs.step.max()].groupby(["kind", "optimizer", "aid"], sort=False)


def summary(runs):
    """Return the mean accuracy in the end by name, "post_adam_warmup", for the prose.

    "post_first_norm" is the norm of the gradient in the first step.
    """
    answer = {"_".join(network): float(part.test_accuracy.mean()) for network, part in _ended(runs)}
    first = runs[runs.step == 1].groupby("kind").gradient_norm.mean()
    return answer | {f"{kind}_first_norm": float(value) for kind, value in first.items()}


def table(runs):
    """Return the accuracy in the end, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "bloque": KINDS[kind].title,
            "optimizador": OPTIMIZERS[optimizer],
            "remedio": AIDS[aid].label,
            "aciertos (prueba)": f"{100 * part.test_accuracy.mean():.0f} %",
            "de la peor a la mejor": f"{100 * part.test_accuracy.min():.0f} a "
            f"{100 * part.test_accuracy.max():.0f} %",
        }
        for (kind, optimizer, aid), part in _ended(runs)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena transformers pequeños con calentamiento, con recorte y sin nada.",
            measure,
            draw,
            table,
            options=MINE,
        )
    )
