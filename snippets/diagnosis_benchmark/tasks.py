"""What the networks of the collection have to learn: easy, noisy and slow, in many units.

All is drawn here or comes with scikit-learn. A task belongs to one half of the collection: the
networks that set the numbers of the diagnosis and those on which it is reported share none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SAMPLES = 512


@dataclass(frozen=True)
class Task:
    """A data set and what is asked of it.

    Attributes:
        name: in Spanish.
        half: "setting" or "report".
        family: "plano", "tabla", "imagen", "serie", "texto", "regresión" or "embedding".
        make: random generator → (x, y), SAMPLES of each.
        units, activation, loss: of the head.
        tokens: how many different ones, if the inputs are integers.
    """

    name: str
    half: str
    family: str
    make: Callable
    units: int
    activation: str | None
    loss: str
    tokens: int = 0

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return x and y, always the same."""
        x, y = self.make(np.random.default_rng(sum(map(ord, self.name))))
        return np.asarray(x, "int32" if self.tokens else "float32"), np.asarray(y)


# --- two-dimensional toys -----------------------------------------------------------------


def _moons(rng):
    from sklearn.datasets import make_moons

    return make_moons(SAMPLES, noise=0.25, random_state=0)


def _xor(rng):
    x = rng.uniform(-1, 1, (SAMPLES, 2))
    return x, ((x[:, 0] > 0) != (x[:, 1] > 0)).astype(int)


def _overlapping_blobs(rng):
    y = rng.integers(0, 3, SAMPLES)
    return rng.normal(size=(SAMPLES, 2)) + np.array([[0, 0], [1.2, 0], [0.6, 1.0]])[y], y


def _far_blobs(rng):
    from sklearn.datasets import make_blobs

    return make_blobs(SAMPLES, centers=4, cluster_std=2.5, random_state=3)


def _circles(rng):
    from sklearn.datasets import make_circles

    return make_circles(SAMPLES, noise=0.1, factor=0.6, random_state=0)


def _spirals(rng):
    y = rng.integers(0, 2, SAMPLES)
    turn = 3.5 * np.sqrt(rng.uniform(0.02, 1, SAMPLES))
    angle = turn + np.pi * y
    x = np.stack([turn * np.cos(angle), turn * np.sin(angle)], 1)
    return x + 0.15 * rng.normal(size=x.shape), y


def _rings(rng):
    from sklearn.datasets import make_gaussian_quantiles

    return make_gaussian_quantiles(
        n_samples=SAMPLES, n_features=2, n_classes=3, cov=2.0, random_state=1
    )


def _coin_blobs(rng):
    x = rng.normal(size=(SAMPLES, 2))
    return x, (x[:, 0] + 1.5 * rng.normal(size=SAMPLES) > 0).astype(int)


# --- tables -------------------------------------------------------------------------------


def _some(x, y):
    rows = np.random.default_rng(0).permutation(len(x))[:SAMPLES]
    return x[rows], y[rows]


def _wine(rng):
    from sklearn.datasets import load_wine

    x, y = load_wine(return_X_y=True)
    rows = rng.integers(0, len(x), SAMPLES)
    return x[rows], y[rows]


def _table(rng):
    """Columns of very different units, two of which count."""
    x = rng.normal(size=(SAMPLES, 12))
    y = (x[:, 0] - x[:, 5] + 0.8 * rng.normal(size=SAMPLES) > 0).astype(int)
    return 20 + x * np.logspace(-2, 3, 12), y


def _standard_table(rng):
    x = rng.normal(size=(SAMPLES, 20))
    score = x[:, 0] * x[:, 1] + x[:, 2]
    return x, (score + 0.5 * rng.normal(size=SAMPLES) > 0).astype(int)


def _tumours(rng):
    from sklearn.datasets import load_breast_cancer

    return _some(*load_breast_cancer(return_X_y=True))


def _rare(rng):
    """One in eight, and hard to tell."""
    x = rng.normal(size=(SAMPLES, 8))
    chance = 1 / (1 + np.exp(2.6 - 1.2 * x[:, 0] - 1.0 * np.abs(x[:, 1])))
    return 50 + 15 * x, (rng.uniform(size=SAMPLES) < chance).astype(int)


# --- quantities ---------------------------------------------------------------------------


def _sines(rng):
    x = rng.uniform(-np.pi, np.pi, (SAMPLES, 1))
    return x, np.sin(2 * x) + 0.1 * rng.normal(size=x.shape)


def _prices(rng):
    """Friedman's function, told in hundreds."""
    from sklearn.datasets import make_friedman1

    x, y = make_friedman1(SAMPLES, noise=3.0, random_state=0)
    return x, 10 * y[:, None]


def _plane(rng):
    x = rng.normal(size=(SAMPLES, 6))
    return x, x @ np.array([1.0, -2, 0.5, 0, 0, 1])[:, None] + 0.3 * rng.normal(size=(SAMPLES, 1))


def _line(rng):
    x = rng.uniform(-1, 4, (SAMPLES, 1))
    return x, 2 * x - 1


def _diabetes(rng):
    from sklearn.datasets import load_diabetes

    x, y = load_diabetes(return_X_y=True, scaled=False)
    x, y = _some(x, y)
    more = rng.integers(0, len(x), SAMPLES - len(x)) if len(x) < SAMPLES else []
    x, y = np.concatenate([x, x[more]]), np.concatenate([y, y[more]])
    return (x - x.mean(0)) / x.std(0), (y[:, None] - y.mean()) / y.std()


def _wave(rng):
    x = rng.uniform(-2, 2, (SAMPLES, 2))
    return x, (x[:, :1] ** 2 - np.abs(x[:, 1:]) + 0.3 * rng.normal(size=(SAMPLES, 1)))


# --- images -------------------------------------------------------------------------------


def _digits(rng):
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return _some((x - 4.9) / 6.0, y)


def _noisy_digits(rng):
    x, y = _digits(rng)
    wrong = rng.uniform(size=SAMPLES) < 0.4
    return x, np.where(wrong, rng.integers(0, 10, SAMPLES), y)


def _digits_8_bits(rng):
    x, y = _digits(rng)
    return 16 * (6 * x + 4.9), (y % 2 == 0).astype(int)


def _dark(rng):
    """Dark pictures with one dot of light, to be told again."""
    v, u = np.mgrid[:8, :8]
    where = rng.uniform(1, 7, (SAMPLES, 2, 1, 1))
    x = np.exp(-((v - where[:, 0]) ** 2 + (u - where[:, 1]) ** 2) / 1.5)
    x = x.reshape(SAMPLES, 64)
    return x, x.astype("float32")


def _stripes(rng):
    v, u = np.mgrid[:8, :8]
    y = rng.integers(0, 4, SAMPLES)
    angle = np.pi * y / 4
    phase = rng.uniform(0, 6.28, SAMPLES)
    wave = np.cos(angle)[:, None, None] * u + np.sin(angle)[:, None, None] * v
    x = np.sin(1.3 * wave + phase[:, None, None]) + 0.6 * rng.normal(size=(SAMPLES, 8, 8))
    return x.reshape(SAMPLES, 64), y


def _patches(rng):
    """Which corner is brighter, in values from 0 to 255."""
    y = rng.integers(0, 4, SAMPLES)
    x = rng.uniform(0, 180, (SAMPLES, 8, 8))
    for i, corner in enumerate(y):
        v, u = 4 * (corner // 2), 4 * (corner % 2)
        x[i, v : v + 4, u : u + 4] += 40
    return x.reshape(SAMPLES, 64), y


# --- series and text ----------------------------------------------------------------------


def _frequency(rng):
    y = rng.integers(0, 2, SAMPLES)
    t, phase = np.arange(16), rng.uniform(0, 6.28, (SAMPLES, 1))
    x = np.sin(np.where(y, 0.8, 1.4)[:, None] * t + phase)
    return (x + 0.4 * rng.normal(size=x.shape))[..., None], y


def _memory(rng):
    """Ask for the sign of the first value, sixteen steps ago."""
    x = rng.normal(size=(SAMPLES, 16, 1))
    return x, (x[:, 0, 0] > 0).astype(int)


def _next(rng):
    x = np.zeros((SAMPLES, 13))
    x[:, 0:2] = rng.normal(size=(SAMPLES, 2))
    for t in range(2, 13):
        x[:, t] = 1.6 * x[:, t - 1] - 0.9 * x[:, t - 2] + 0.3 * rng.normal(size=SAMPLES)
    return x[:, :12, None], x[:, 12:]


def _burst(rng):
    """Hide a bump somewhere in the noise, or none."""
    y = rng.integers(0, 2, SAMPLES)
    x = rng.normal(size=(SAMPLES, 16))
    start = rng.integers(0, 12, SAMPLES)
    for i in np.flatnonzero(y):
        x[i, start[i] : start[i] + 4] += 2
    return x[..., None], y


def _opinion(rng):
    """Words, of which some are kind and some are not."""
    y = rng.integers(0, 2, SAMPLES)
    x = rng.integers(20, 60, (SAMPLES, 12))
    for i, kind in enumerate(y):
        places = rng.choice(12, 3, replace=False)
        x[i, places] = rng.integers(0, 10, 3) + 10 * kind
    return x, y


def _topic(rng):
    y = rng.integers(0, 5, SAMPLES)
    own = rng.uniform(size=(SAMPLES, 12)) < 0.4
    x = rng.integers(0, 80, (SAMPLES, 12))
    return np.where(own, 16 * y[:, None] + rng.integers(0, 16, (SAMPLES, 12)), x), y


def _before(rng):
    """Ask whether word 1 comes before word 2."""
    x = rng.integers(3, 30, (SAMPLES, 10))
    y = rng.integers(0, 2, SAMPLES)
    for i, first in enumerate(y):
        a, b = np.sort(rng.choice(10, 2, replace=False))
        x[i, [a, b]] = (1, 2) if first else (2, 1)
    return x, y


def _pairs(rng):
    """Users and things: the score is the product of what is not seen, plus noise."""
    users, things = rng.normal(size=(2, 30, 3))
    x = rng.integers(0, 30, (SAMPLES, 2))
    y = (users[x[:, 0]] * things[x[:, 1]]).sum(1, keepdims=True)
    return x + np.array([0, 30]), y + 0.2 * rng.normal(size=y.shape)


BINARY = (1, "sigmoid", "binary_crossentropy")
AMOUNT = (1, None, "mse")


def _classes(count):
    return (count, "softmax", "sparse_categorical_crossentropy")


#: No task is in both halves; all kinds of them are but the last, which nothing was set with.
TASKS = (
    Task("lunas", "setting", "plano", _moons, *BINARY),
    Task("XOR", "setting", "plano", _xor, *BINARY),
    Task("nubes que se pisan", "setting", "plano", _overlapping_blobs, *_classes(3)),
    Task("nubes lejanas", "setting", "plano", _far_blobs, *_classes(4)),
    Task("vinos", "setting", "tabla", _wine, *_classes(3)),
    Task("tabla sin escalar", "setting", "tabla", _table, *BINARY),
    Task("tabla estándar", "setting", "tabla", _standard_table, *BINARY),
    Task("senos", "setting", "regresión", _sines, *AMOUNT),
    Task("precios", "setting", "regresión", _prices, *AMOUNT),
    Task("plano con ruido", "setting", "regresión", _plane, *AMOUNT),
    Task("dígitos", "setting", "imagen", _digits, *_classes(10)),
    Task("dígitos mal etiquetados", "setting", "imagen", _noisy_digits, *_classes(10)),
    Task("dígitos de 0 a 255", "setting", "imagen", _digits_8_bits, *BINARY),
    Task("frecuencia", "setting", "serie", _frequency, *BINARY),
    Task("memoria", "setting", "serie", _memory, *BINARY),
    Task("opiniones", "setting", "texto", _opinion, *BINARY, tokens=60),
    Task("círculos", "report", "plano", _circles, *BINARY),
    Task("espirales", "report", "plano", _spirals, *BINARY),
    Task("anillos", "report", "plano", _rings, *_classes(3)),
    Task("nubes casi al azar", "report", "plano", _coin_blobs, *BINARY),
    Task("tumores", "report", "tabla", _tumours, *BINARY),
    Task("casos raros", "report", "tabla", _rare, *BINARY),
    Task("y = 2x − 1", "report", "regresión", _line, *AMOUNT),
    Task("diabetes", "report", "regresión", _diabetes, *AMOUNT),
    Task("silla de montar", "report", "regresión", _wave, *AMOUNT),
    Task("imágenes oscuras", "report", "imagen", _dark, 64, "sigmoid", "mse"),
    Task("rayas", "report", "imagen", _stripes, *_classes(4)),
    Task("esquina clara, de 0 a 255", "report", "imagen", _patches, *_classes(4)),
    Task("el valor siguiente", "report", "serie", _next, *AMOUNT),
    Task("bulto en el ruido", "report", "serie", _burst, *BINARY),
    Task("temas", "report", "texto", _topic, *_classes(5), tokens=80),
    Task("orden de palabras", "report", "texto", _before, *BINARY, tokens=30),
    Task("usuarios y cosas", "report", "embedding", _pairs, *AMOUNT, tokens=60),
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")
