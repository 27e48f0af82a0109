"""What a library's layer draws, as a row: counted from its weights, checked through the layer.

Each script beside this file installs a library, tells here how one makes its layers, and states
what it expects. A row is written if three things agree:

- what the script states, by the library's own definition, and σ_w² of the weights drawn;
- the inputs that one output sums, by the layer's formula and as counted by pushing a one through
  each input (σ_w² is the weights' mean square times *that*, whatever the library divides by);
- what the layer then does with a unit-normal input: rms² out = σ_w² + the mean square of the bias.

A program in another language pushes the same signals itself and prints JSON, a line a layer;
``python measure.py < lines`` makes rows of it.
"""

import csv
import json
import math
import os
import sys
from datetime import date

import numpy as np

COLUMNS = (
    *("script", "library", "version", "date", "language", "imports", "layer", "role", "code"),
    *("distribution", "fan_in", "sigma_w2", "stated", "bias", "rms", "gate", "slope"),
)

# The layers that all libraries are asked for: n inputs and m outputs; c channels, of which a
# transposed convolution hands on half; h heads in an attention of width d; v words of width d.
N = M = 256
C, D, H, V = 32, 512, 8, 1000
#: Layer → the inputs that one output sums, by formula: window × channels in / stride², groups.
FAN_IN = {
    "dense": N,
    "conv": 3 * 3 * C,
    "grouped": 3 * 3 * C // 8,
    "depthwise": 3 * 3,
    "graph": N,  # to a node without neighbours
    "transposed": 4 * 4 * C // 2**2,
    "attention_in": D,
    "attention_out": D,
    "embedding": 1,
}
#: What has to be typed for an activation keeps the signal with this σ_w².
KEEPS = {"relu": 2.0, "tanh": 1.0}

BATCH = 512  # unit-normal inputs
SMALL, LARGE = 1e-2, 1e4  # of them, for a cell to stay near rest; of a state that it may forget
WEIGHTS = 60_000  # at least as many weights in all: drawn again and again, if a layer has fewer
# The mean square of N normal weights has a standard error of √(2/N), 0.6 %; other shapes less.
STATED = 0.03
# One draw alone, of few weights, seen through random inputs.
THROUGH = 0.05

random = np.random.default_rng(0)


class Library:
    """Collects the rows of one library, and what does not come out as stated.

    ``imports``: a line that the code of the rows needs (a reader has to type it, too).
    ``cell``: the inputs, and the units, of a recurrent cell.
    """

    def __init__(self, name, version, imports, language="python", cell=N):
        self.about = {
            "script": os.environ["SCRIPT"],
            "library": name,
            "version": version,
            "date": date.today().isoformat(),
            "language": language,
            "imports": imports,
        }
        self.rows, self.faults = [], []
        self.cell = cell

    # --- what a script asks for ---------------------------------------------------------------

    def layer(self, layer, role, code, parts, inputs, stated, distribution):
        """Add a row for a layer that is linear.

        ``code``: makes ``layer`` (and is what a reader types). ``parts(layer)``: weights, bias
        or None, and a function of a batch (examples, *inputs). ``stated``: σ_w² by definition.
        """
        weights, bias, run = parts(self.make(code))
        signals = signals_through(run, inputs)
        drawn = [as_numbers(weights)]
        while sum(part.size for part in drawn) < WEIGHTS:
            drawn.append(as_numbers(parts(self.make(code))[0]))
        wide = None
        if role == "relu" and layer == "dense":
            wide = as_numbers(parts(self.make(code, m=2 * M))[0])
        self.add(layer, role, code, drawn, bias, signals, stated, distribution, wide)

    def lstm(self, role, code, parts, stated, distribution, gate):
        """Add two rows for an LSTM of n inputs and n units.

        ``parts(layer)``: kernel, recurrent kernel, and step(x, h, c) → the next c. ``stated``
        and ``distribution``: a pair each. ``gate``: how open the forget gate is, at rest.
        """
        kernel, recurrent, step = parts(self.make(code))
        kernels = as_numbers(kernel), as_numbers(recurrent)
        zero = np.zeros((BATCH, N), "float32")
        signals = nudged(lambda x, h: step(x, h, zero))
        signals["by_c"] = as_numbers(step(zero, zero, zero + LARGE))
        self.add_lstm(role, code, *kernels, stated, distribution, gate, **signals)

    def gru(self, role, code, parts, stated, distribution):
        """Add two rows for a GRU of n inputs and n units.

        ``parts(layer)``: kernel, recurrent kernel, a pair of biases, and step(x, h) → the next h.
        Biases: of what is summed, and, or None, of what the reset gate multiplies. ``stated`` and
        ``distribution``: a pair each.
        """
        kernel, recurrent, biases, step = parts(self.make(code))
        weights = as_numbers(kernel), as_numbers(recurrent)
        biases = [bias if bias is None else as_numbers(bias) for bias in biases]
        self.add_gru(role, code, *weights, biases, stated, distribution, **nudged(step))

    def attention(self, role, code, parts, stated, distribution):
        """Add two rows for self-attention; ``parts``: kernels of the inputs, of the output, run.

        A single token can only attend to itself, so that the layer is linear: W_out W_value.
        """
        inside, outside, run = parts(self.make(code))
        kernels = as_numbers(inside), as_numbers(outside)
        self.add_attention(role, code, *kernels, rms(run(tokens())), stated, distribution)

    def embedding(self, role, code, parts, stated, distribution):
        """Add a row for an embedding; ``parts(layer)``: its table, and a function of indices."""
        table, run = parts(self.make(code))
        out = rms(run(np.arange(V)))
        self.add_embedding(role, code, as_numbers(table), out, stated, distribution)

    def slope(self, code, value, stated):
        """Add a row for the leaky ReLU: ``value`` is what it answers to −1, without its sign."""
        self.near("slope of the leaky ReLU", value, stated, 1e-5)
        self.row("leaky_relu", "default", code, slope=value)

    def done(self):
        """Write the rows; say what is not as stated, and exit with 1, if anything is not."""
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        about = f"{self.about['library']} {self.about['version']}"
        if self.faults:
            sys.exit("\n".join(f"{about}: not as stated: {fault}" for fault in self.faults))
        print(f"{about}: as stated, {len(self.rows)} rows", file=sys.stderr)

    # --- what a row must agree with -----------------------------------------------------------

    def make(self, code, **sizes):
        """Run the code of a row and return the layer that it makes."""
        names = {"n": N, "m": M, "c": C, "d": D, "h": H, "v": V, **sizes}
        exec(f"{self.about['imports']}\n{code}", names)
        return names["layer"]

    def add(self, layer, role, code, drawn, bias, signals, stated, distribution, wide=None):
        """Add the row of a linear layer through which signals were pushed.

        ``wide``: the weights of one with twice as many outputs.
        """
        zero, hots, x, y = signals
        jacobian = (hots - zero).reshape(len(hots), -1)
        counts = (jacobian != 0).sum(axis=0)
        inner = counts == counts.max()  # at the border a window sums less
        fan_in = int(counts.max())
        name = f"{layer} {role}"
        if fan_in != FAN_IN[layer]:
            self.faults.append(f"{name}: an output sums {fan_in} inputs, not {FAN_IN[layer]}")
        one_draw = fan_in * square(drawn[0])
        seen = (jacobian[:, inner] ** 2).sum(axis=0).mean()
        self.near(f"{name}: σ_w² through the layer, by ones", seen, one_draw, 2 * THROUGH)
        out = rms(y.reshape(len(y), -1)[:, inner]) / rms(x)
        bias = 0.0 if bias is None else rms(bias)
        self.near(f"{name}: rms² of the output", out**2, seen + bias**2, THROUGH)
        if wide is not None:  # a recipe for n inputs, however many outputs
            self.near(f"{name}: σ_w² with twice the outputs", N * square(wide), stated, STATED)
        self.check(name, drawn, fan_in, stated, distribution)
        about = (layer, role, code, distribution, fan_in, self.sigma(drawn, fan_in), stated)
        self.row(*about, bias=bias, rms=out)

    def add_lstm(self, role, code, kernel, recurrent, stated, distribution, gate, **pushed):
        """Add the rows of an LSTM; ``pushed``: what ``nudged`` returns of c', and c' of LARGE."""
        x, h, rest, by_x, by_h, by_c = (pushed[name] for name in (*NUDGED, "by_c"))
        opened = float(np.mean(by_c)) / LARGE
        self.near(f"lstm {role}: the forget gate", opened, gate, 0.02)
        # From rest, and by little: c' = σ(0) tanh(g) = g / 2, and g sums the inputs.
        seen = [4 * square(by - rest) / square(of) for by, of in ((by_x, x), (by_h, h))]
        self.add_cell("lstm", role, code, (kernel, recurrent), seen, stated, distribution, opened)

    def add_gru(self, role, code, kernel, recurrent, biases, stated, distribution, **pushed):
        """Add the rows of a GRU; ``pushed``: what ``nudged`` returns of h'."""
        x, h, rest, by_x, by_h = (pushed[name] for name in NUDGED)
        kept = float(np.mean((by_h - rest) * h) / square(h))
        self.near(f"gru {role}: what it keeps of its state", kept, 0.5, 0.02)
        # From rest, and by little: h' = k h + (1 − k) tanh(W x + b + σ(0) (U h + b')).
        adds = 1 - kept
        added, reset = (0.0 if bias is None else rms(bias) for bias in biases)
        size = math.hypot(added, reset / 2)
        self.near(f"gru {role}: the bias, through the cell", rms(rest) / adds, size, 0.1)
        seen = (
            square((by_x - rest) / adds) / square(x),
            square((by_h - rest - kept * h) / adds / 0.5) / square(h),
        )
        bias = rms(np.concatenate([part for part in biases if part is not None]))
        kernels = kernel, recurrent
        self.add_cell("gru", role, code, kernels, seen, stated, distribution, kept, bias=bias)

    def add_cell(self, kind, role, code, kernels, seen, stated, distribution, gate, **more):
        """Add the rows of a cell's two kernels; ``seen``: σ_w² of each, through the cell."""
        parts = f"{kind}_input", f"{kind}_recurrent"
        more |= {"gate": gate}
        for part, weights, through, *expected in zip(
            parts, kernels, seen, stated, distribution, strict=True
        ):
            sigma = self.sigma([weights], self.cell)
            self.near(f"{part} {role}: σ_w² through the cell", through, sigma, THROUGH)
            self.check(f"{part} {role}", [weights], self.cell, *expected)
            about = (part, role, code, expected[1], self.cell, sigma, expected[0])
            self.row(*about, **(more if part == parts[0] else {}))

    def add_attention(self, role, code, inside, outside, out, stated, names):
        """Add the rows of an attention that answers to a token with rms ``out``."""
        sigmas = [self.sigma([weights], D) for weights in (inside, outside)]
        self.near(
            f"attention {role}: rms of the output", out, math.sqrt(math.prod(sigmas)), THROUGH
        )
        for part, weights, sigma, expected, distribution in zip(
            ("attention_in", "attention_out"), (inside, outside), sigmas, stated, names, strict=True
        ):
            self.check(f"{part} {role}", [weights], D, expected, distribution)
            about = (part, role, code, distribution, D, sigma, expected)
            self.row(*about, rms=out if part == "attention_out" else None)

    def add_embedding(self, role, code, table, out, stated, distribution):
        """Add the row of an embedding, whose output is one of the rows of its table."""
        sigma = self.sigma([table], 1)
        self.near(f"embedding {role}: rms² of the output", out**2, sigma, 1e-3)
        self.check(f"embedding {role}", [table], 1, stated, distribution)
        self.row("embedding", role, code, distribution, 1, sigma, stated, rms=out)

    def check(self, name, drawn, fan_in, stated, distribution):
        """Compare weights with what is stated of them."""
        role = name.split()[-1]
        if stated != KEEPS.get(role, stated):
            self.faults.append(f"{name}: {stated} does not keep the signal, {KEEPS[role]} does")
        self.near(f"{name}: σ_w²", self.sigma(drawn, fan_in), stated, STATED)
        if (found := shape_of(drawn)) != distribution:
            self.faults.append(f"{name}: weights are {found}, not {distribution}")

    def sigma(self, drawn, fan_in):
        """Return σ_w² of all the weights drawn."""
        return fan_in * square(np.concatenate([part.ravel() for part in drawn]))

    def near(self, what, found, expected, tolerance):
        """Note a fault if a number is farther from the expected one than that share of it."""
        if not abs(found - expected) <= tolerance * abs(expected) + 1e-12:
            self.faults.append(f"{what} is {found:.4g}, not {expected:.4g}")

    def row(self, layer, role, code, *numbers, **more):
        """Add a row."""
        named = dict(zip(("distribution", "fan_in", "sigma_w2", "stated"), numbers, strict=False))
        row = {**self.about, "layer": layer, "role": role, "code": code, **named, **more}
        self.rows.append({name: written(value) for name, value in row.items()})


# --- signals ----------------------------------------------------------------------------------


def signals_through(run, inputs):
    """Return what a layer answers to zero and to a one in each input; unit inputs and answers."""
    hots = np.eye(math.prod(inputs), dtype="float32").reshape(-1, *inputs)
    x = random.normal(size=(BATCH, *inputs)).astype("float32")
    zero = as_numbers(run(np.zeros((1, *inputs), "float32")))
    return (
        zero,
        np.concatenate([as_numbers(run(part)) for part in parts_of(hots)]),
        x,
        as_numbers(run(x)),
    )


def parts_of(batch, size=256):
    """Cut a batch into smaller ones."""
    return (batch[start : start + size] for start in range(0, len(batch), size))


def tokens():
    """Return sequences of one unit-normal token."""
    return random.normal(size=(BATCH, 1, D)).astype("float32")


def nudged(step):
    """Return small inputs and states, and what a cell answers to nothing, to either of them."""
    zero = np.zeros((BATCH, N), "float32")
    x, h = (SMALL * random.normal(size=(2, BATCH, N))).astype("float32")
    answers = (as_numbers(step(*pair)) for pair in ((zero, zero), (x, zero), (zero, h)))
    return dict(zip(NUDGED, (x, h, *answers), strict=True))


NUDGED = ("x", "h", "rest", "by_x", "by_h")


# --- numbers ----------------------------------------------------------------------------------


def square(values):
    """Return the mean square."""
    return float(np.mean(np.square(values, dtype=float)))


def rms(values):
    """Return the root of the mean square."""
    return math.sqrt(square(as_numbers(values)))


def shape_of(drawn):
    """Name the distribution of weights, by what tells one from another."""
    if drawn[0].ndim == 2 and is_orthogonal(drawn[0]):
        return "orthogonal"
    weights = np.concatenate([part.ravel() for part in drawn])
    deviation = np.std(weights, dtype=float)
    if not deviation:
        return "constant"
    if abs(np.mean(weights, dtype=float)) > 5 * deviation / math.sqrt(weights.size):
        return "off-centre"
    extreme = np.abs(weights).max() / deviation
    kurtosis = np.mean((weights / deviation) ** 4, dtype=float)
    for name, (most, fourth) in SHAPES.items():
        if abs(kurtosis - fourth) < 0.1 and (
            extreme > most if name == "normal" else abs(extreme - most) < 0.25
        ):
            return name
    return f"unknown (up to {extreme:.2f} deviations, kurtosis {kurtosis:.2f})"


#: Shape → its largest weight in deviations, and its kurtosis. Truncated: at two of those deviations
#: that the normal had before, 0.8796 of which are left.
SHAPES = {"uniform": (math.sqrt(3), 1.8), "truncated": (2 / 0.8796, 2.3654), "normal": (3.5, 3)}


def is_orthogonal(matrix):
    """Tell whether the rows, or the columns, are orthogonal to each other and equally long."""
    matrix = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    products = matrix.astype(float) @ matrix.T.astype(float)
    size = products.trace() / len(products)
    return size > 0 and np.abs(products - size * np.eye(len(products))).max() < 1e-3 * size


def as_numbers(array):
    """Return an array of another library as NumPy's."""
    if hasattr(array, "detach"):
        array = array.detach()
    if hasattr(array, "numpy") and not isinstance(array, np.ndarray):
        array = array.numpy()
    return np.asarray(array, dtype="float32")


def written(value):
    """Write a number with four digits, for a table to be compared line by line."""
    return f"{value:.4g}" if isinstance(value, float | np.floating) else value


def main(lines):
    """Make rows of what a program in another language prints: a JSON object a line."""
    about = json.loads(next(lines))
    library = Library(**about)
    other = {"slope": library.slope, "lstm": library.add_lstm, "gru": library.add_gru}
    for line in lines:
        pushed = {key: arrays(value) for key, value in json.loads(line).items()}
        if kind := pushed.pop("kind", None):
            other[kind](**pushed)
        else:
            signals = [pushed.pop(name) for name in ("zero", "hots", "x", "y")]
            library.add(signals=signals, **{**pushed, "drawn": list(pushed["drawn"])})
    library.done()


def arrays(value):
    """Return lists of numbers as arrays, and anything else as it is."""
    try:
        return np.asarray(value, float) if isinstance(value, list) else value
    except (TypeError, ValueError):  # names, or what there is and what there is not
        return value


if __name__ == "__main__":
    main(sys.stdin)
