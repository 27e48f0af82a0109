"""Head, loss and labels are a contract: what breaks it is known before any pass.

The head says which numbers a network can answer, the loss which ones it takes, and the labels
which ones it is asked for. ``KINDS`` is all that can be wrong between them; ``check`` applies it,
and looks for hidden layers without an activation and for inputs that were never scaled. The cure
is the nearest of the ``right_pairings``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from latido.changes import Advice, Change, all_of, call, listed
from latido.heads import Head, heads_of, traced_head
from latido.layers import RESCALING, flatten, function_name
from latido.losses import fits, labels_of, loss_name, with_loss
from latido.measures import rms
from latido.rules import WHOLE
from latido.words import Text

#: Loss → what it takes: the number of a class ("index"), shares that add up to one ("shares"), a
#: probability each ("each"), −1 or 1 ("signs"), amounts.
TAKES = {
    "sparse_categorical_crossentropy": "index",
    "categorical_crossentropy": "shares",
    "categorical_focal_crossentropy": "shares",
    "kl_divergence": "shares",
    "categorical_hinge": "scores",
    "binary_crossentropy": "each",
    "binary_focal_crossentropy": "each",
    "hinge": "signs",
    "squared_hinge": "signs",
    "mean_squared_error": "amounts",
    "mean_absolute_error": "amounts",
    "mean_absolute_percentage_error": "amounts",
    "huber": "amounts",
    "log_cosh": "amounts",
    "mean_squared_logarithmic_error": "positive",
    "poisson": "positive",
}
#: What the loss takes, where it takes probabilities.
PROBABILITIES = ("index", "shares", "each")
#: From so many classes on, whole numbers are amounts (of something) rather than classes.
CLASSES = 50
#: A head that has to leave so much of a constant answer's loss can't learn. (Relu, with labels on
#: both sides of zero, leaves half.)
HALF = 0.495
#: Inputs or labels beyond this rms were not brought to size.
UNSCALED = 10.0
LARGE_LABELS = 100.0
#: Of larger arrays, some samples are looked at. (What is refused is looked for in all, later.)
VALUES = 100_000


@dataclass(frozen=True)
class Labels:
    """The labels of one output.

    Attributes:
        values: the array, without the class that the loss ignores.
        shape: of one sample.
        column: whether there is one for each position of the output.
    """

    values: np.ndarray
    shape: tuple[int, ...]
    column: bool

    @cached_property
    def low(self) -> float:
        """The smallest."""
        return float(self.values.min())

    @cached_property
    def high(self) -> float:
        """The largest."""
        return float(self.values.max())

    @cached_property
    def whole(self) -> bool:
        """Whether all are whole numbers."""
        kind = self.values.dtype.kind
        return kind in "biu" or bool((self.values == np.round(self.values)).all())

    @cached_property
    def sort(self) -> str:
        """What they look like.

        "binary" (0 and 1), "signs" (−1 and 1), "classes" (whole numbers in a row, one for each
        sample), "one-hot", "several" (zeros and ones that do not add up to one), "shares" (that do)
        "unit" (between 0 and 1) or "amounts".
        """
        inside = self.low >= 0 and self.high <= 1
        if self.whole and inside and self.column:
            return "binary"
        if not self.column and inside:
            total = self.values.reshape(-1, self.shape[-1]).sum(axis=-1, dtype=float)
            sums = np.isclose(total, 1, atol=1e-3)
            one = (sums | (total == 0)).all() and sums.mean() >= 0.5  # some count for nothing
            if self.whole:
                return "one-hot" if one else "several"
            return "shares" if one else "unit"
        if inside:
            return "unit"
        if self.whole and self.low == -1 and self.high == 1:
            return "signs" if not (self.values == 0).any() else "amounts"
        if self.whole and self.column and self.high - self.low < CLASSES:
            found = len(np.unique(self.values))
            if found > 0.5 * (self.high - self.low + 1) and self.low >= 0 and found > 1:
                return "classes"
        return "amounts"

    @property
    def words(self) -> Text:
        """What they are, as the end of a sentence."""
        ends = {"low": self.low, "high": self.high}
        wide = self.shape[-1] if self.shape else 1
        few = Text("{count} cero", count=wide - 1)
        zeros = Text("{count} ceros", count=wide - 1) if wide > 2 else few
        known = {
            "classes": Text("las etiquetas son clases, de {low:.4g} a {high:.4g}", **ends),
            "binary": Text("las etiquetas son 0 o 1"),
            "signs": Text("las etiquetas son −1 o 1"),
            "one-hot": Text("cada etiqueta es un 1 y {zeros}", zeros=zeros),
            "several": Text("cada etiqueta son {wide} ceros y unos sueltos", wide=wide),
            "shares": Text("cada etiqueta son {wide} números que suman 1", wide=wide),
        }
        others = Text("las etiquetas van de {low:.4g} a {high:.4g}", **ends)
        return known.get(self.sort, others)


@dataclass(frozen=True)
class Pairing:
    """What meets at one output.

    Attributes:
        head, labels: as they are.
        loss: its name; "" if it is someone's own.
        logits: whether it takes logits.
        several: whether the model has other outputs with a loss.
        same: whether the labels are the inputs themselves.
    """

    head: Head
    loss: str
    logits: bool
    labels: Labels
    several: bool = False
    same: bool = False

    def says(self, template: str, **more) -> Text:
        """Say something of it: «{head}», {function}, {loss}, {labels} and what else is given."""
        known = {"head": self.head.name, "function": self.head.function, "loss": self.loss}
        data = {"labels": self.labels.words, "low": self.labels.low, "high": self.labels.high}
        return Text(template, **known | data | more)

    @property
    def takes(self) -> str:
        """What the loss takes; "" if it is not known."""
        return TAKES.get(self.loss, "")

    @property
    def probabilities(self) -> bool:
        """Whether the loss takes them from the head as they are."""
        return self.takes in PROBABILITIES and not self.logits

    @property
    def classes(self) -> bool:
        """Whether its author wants classes: so say the loss, or the head and the labels."""
        if self.takes in ("amounts", "positive"):
            alike = self.labels.sort in ("binary", "classes", "one-hot", "several")
            return self.head.shares or (alike and self.head.function == "sigmoid")
        return self.takes != ""


@dataclass(frozen=True)
class Breach:
    """Something that is wrong.

    Attributes:
        kind: a key of ``KINDS``.
        where: the layer, or ``WHOLE``.
        certain: whether it keeps a network from learning what it is asked for; else it is a risk.
        refused: whether the loss cannot even be computed.
        advice: what came, what is taken and what to write.
    """

    kind: str
    where: str
    certain: bool
    refused: bool
    advice: Advice


@dataclass(frozen=True)
class Kind:
    """One way to break the contract.

    Attributes:
        find: (pairing) → what is wrong, or None.
        certain, refused: as in ``Breach``; ``certain`` may depend on the pairing.
        cure: (pairing) → (text, changes), if it is not the nearest right pairing.
    """

    find: Callable[[Pairing], Text | None]
    certain: bool | Callable[[Pairing], bool] = True
    refused: bool = False
    cure: Callable[[Pairing], tuple] | None = None


# --- what can be wrong between a head, a loss and labels --------------------------------------


def _head_is_constant(p):
    if p.head.constant:
        return p.says(
            "la salida «{head}» es un {function} de una sola unidad, que vale siempre 1, y "
            "{labels}",
            function=p.head.function or "softmax",
        )


def _shape(p):
    head, labels = p.head, p.labels
    if p.takes == "index":
        if fits(labels.shape, head.shape[:-1]):
            return None
        wanted = Text("un número de clase por ejemplo")
        if len(head.shape) > 1:
            wanted = Text("clases de forma {shape}", shape=_text(head.shape[:-1]))
    elif not p.takes or fits(labels.shape, head.shape):
        return None
    else:
        wanted = Text("etiquetas de forma {shape}", shape=_text(head.shape))
    came = Text("cada ejemplo trae un solo número como etiqueta")
    if labels.shape:
        came = Text("las etiquetas de cada ejemplo tienen forma {shape}", shape=_text(labels.shape))
    return p.says(
        "{came} y, en la salida «{head}», la pérdida {loss} pide {wanted}",
        came=came,
        wanted=wanted,
    )


def _text(shape) -> str:
    return f"({', '.join('?' if n is None else str(n) for n in shape)}{',' * (len(shape) == 1)})"


def _classes_beyond(p):
    if p.takes == "index":
        labels, units = p.labels, p.head.units
        if not labels.whole:
            return p.says(
                "las etiquetas de la salida «{head}» no son números enteros (van de {low:.4g} a "
                "{high:.4g}) y {loss} pide números de clase"
            )
        if labels.low < 0 or labels.high >= units:
            return p.says(
                "las etiquetas van de {low:g} a {high:g} y la salida «{head}» tiene {have}: deben "
                "estar entre 0 y {top}",
                have=Text("1 clase") if units == 1 else Text("{count} clases", count=units),
                top=units - 1,
            )


def _beyond_probability(p):
    labels = p.labels
    if p.takes in ("shares", "each") and (labels.low < 0 or labels.high > 1):
        return p.says(
            "las etiquetas van de {low:.4g} a {high:.4g} y, en la salida «{head}», {loss} pide "
            "probabilidades: deben estar entre 0 y 1"
        )


def _one_unit(p):
    if p.takes in ("shares", "scores", "index") and p.head.units == 1:
        return p.says(
            "la salida «{head}» tiene una sola unidad y {loss} reparte la probabilidad entre "
            "varias: la pérdida vale siempre lo mismo, y {labels}"
        )


def _no_probability(p):
    """Tell numbers that are no probabilities, and that the loss takes for such."""
    head = p.head
    if not p.probabilities or not head.function or (head.low >= 0 and head.high <= 1):
        return None
    if head.one_sided or (head.low >= 0 and p.takes != "each"):
        return p.says(
            "la salida «{head}» lleva {function}, que da números de {least:g} en adelante, y "
            "{loss} los toma por probabilidades",
            least=head.low,
        )
    if head.function == "linear":
        return p.says(
            "la salida «{head}» no lleva activación y da logits, y {loss} los toma por "
            "probabilidades"
        )
    return p.says(
        "la salida «{head}» lleva {function}, que da números negativos, y {loss} los toma por "
        "probabilidades"
    )


def _half_the_logits(p):
    """Tell logits of one sign: no answer below one half."""
    known = p.logits and p.takes == "each" and p.head.function
    if known and p.head.low >= 0 and not p.head.seen_through:
        return p.says(
            "la salida «{head}» lleva {function}, que no baja de 0, y con from_logits=True ninguna "
            "probabilidad puede bajar de 1/2"
        )


def _twice(p):
    """Tell probabilities that the loss takes for logits."""
    if p.logits and p.head.low == 0 and p.head.high == 1:
        return p.says(
            "la salida «{head}» ya da probabilidades ({function}) y la pérdida, con "
            "from_logits=True, espera logits"
        )


def _squeezed(p):
    """Tell logits between 0 and 1: of three classes none gets more than e/(e + 2), 58 %."""
    between = p.logits and p.head.low == 0 and p.head.high == 1
    return between and p.head.units > 2 and not p.head.seen_through


def _narrow_logits(p):
    if p.logits and p.head.high < 1e3 and p.head.low > -math.inf:
        return p.says(
            "la salida «{head}» lleva {function}, que no pasa de {most:g}, y la pérdida, con "
            "from_logits=True, espera logits, que no tienen límite",
            most=p.head.high,
        )


def _rivals(p):
    """Tell shares, where each label stands alone."""
    if p.takes == "each" and p.head.shares and not p.head.constant:
        return p.says(
            "la salida «{head}» reparte un total de 1 (softmax), {loss} mira cada unidad por "
            "separado, y {labels}, que {how}",
            how=Text("se excluyen") if p.labels.sort == "one-hot" else Text("no se excluyen"),
        )


def _alone(p):
    """Tell a probability each, where the loss takes shares."""
    if p.takes in ("index", "shares") and p.head.function in ("sigmoid", "hard_sigmoid"):
        return p.says(
            "la salida «{head}» lleva {function}, que da a cada clase una probabilidad suelta, y "
            "{loss} espera que sumen 1"
        )


def _out_of_reach(p):
    head = p.head
    if p.takes in ("amounts", "positive") and missed(p) > 0.01:
        span = Text("de {low:g} a {high:g}", low=head.low, high=head.high)
        if head.low == -math.inf:
            span = Text("de sin límite a {high:g}", high=head.high)
        elif head.high == math.inf:
            span = Text("{low:g} o más", low=head.low)
        return p.says(
            "la salida «{head}» lleva {function}, que solo da números {span}, y las etiquetas van "
            "de {low:.4g} a {high:.4g}",
            function=head.function or Text("una función"),
            span=span,
        )


def _deviance(y, h):
    h, y = np.maximum(h, 1e-7), np.maximum(y, 0)
    return h - y - y * np.log(h / np.maximum(y, 1e-7))


#: Loss → the constant that answers best, and what an answer costs more than the right one; of the
#: others, their mean and the square.
DISTANCES: dict[str, tuple[Callable, Callable]] = {
    "mean_absolute_error": (np.median, lambda y, h: np.abs(y - h)),
    "poisson": (np.mean, _deviance),
}


def missed(p: Pairing) -> float:
    """Return what the nearest answers within reach cost, in parts of what a constant one costs."""
    values = p.labels.values.astype(np.float64, copy=False)
    if p.labels.low >= p.head.low and p.labels.high <= p.head.high:
        return 0.0
    middle, distance = DISTANCES.get(p.loss, (np.mean, lambda y, h: np.square(y - h)))
    error = distance(values, np.clip(values, p.head.low, p.head.high)).mean()
    spread = distance(values, middle(values, axis=0)).mean()
    return float(error / spread) if spread else math.inf


def _far(p):
    classes = p.classes and p.labels.column
    return missed(p) > HALF or (p.takes == "amounts" and classes)


def _one_sign(p):
    if p.takes == "signs" and p.head.function and p.head.low >= 0:
        return p.says(
            "la salida «{head}» lleva {function}, que no da números negativos, y {loss} compara su "
            "signo con −1 o 1"
        )


def _no_sign(p):
    if p.takes == "signs" and p.labels.sort not in ("signs", "binary", "several", "one-hot"):
        return p.says("{labels} y, en la salida «{head}», {loss} pide −1 o 1")


def _summed_labels(p):
    """Tell shares, which cannot reach labels that do not add up to one."""
    loose = p.labels.sort in ("several", "unit", "amounts") and not p.labels.column
    if p.takes == "shares" and loose:
        return p.says(
            "en la salida «{head}», {loss} reparte la probabilidad entre clases que se excluyen, y "
            "{labels}, que no suman 1"
        )
    if p.takes in ("amounts", "positive") and p.head.shares and loose:
        return p.says(
            "la salida «{head}» lleva softmax, cuyas respuestas suman 1, y {labels}, que no suman 1"
        )


def _squared_classes(p):
    alike = p.labels.sort in ("one-hot", "classes")
    if p.takes in ("amounts", "positive") and p.classes and alike:
        return p.says(
            "la salida «{head}» da probabilidades ({function}), {labels}, y {loss} mide distancias"
        )


def _one_sided(p):
    if p.takes and p.head.one_sided:
        return p.says(
            "la salida «{head}» lleva {function}: donde se apaga no recibe ningún gradiente, y "
            "{labels}"
        )


def _negative_logarithm(p):
    if p.takes == "positive" and p.head.function and p.head.low < 0:
        return p.says(
            "la salida «{head}» puede dar números negativos y {loss} calcula su logaritmo"
        )


def _no_logarithm(p):
    return _negative_logarithm(p) if p.loss == "poisson" else None


def _negative_amounts(p):
    if p.takes == "positive" and p.labels.low < 0:
        return p.says(
            "las etiquetas de la salida «{head}» llegan a {low:.4g} y {loss} no toma números "
            "negativos"
        )


def _large_labels(p):
    if p.takes == "amounts" and p.head.function == "linear":
        size = rms(p.labels.values)
        if size > LARGE_LABELS:
            return p.says(
                "las etiquetas de la salida «{head}» son muy grandes (valor eficaz {size:.3g}), y "
                "los gradientes crecen con ellas",
                size=size,
            )


def _standardized(p):
    line = "y = (y - y.mean()) / y.std()"
    return Text("Estandarízalas: `{line}`", line=line), (Change("data", line),)


def _positive_head(p):
    changes, text = _head_change(p, "softplus", p.head.units)
    return Text("{cure!c}", cure=text), changes


# --- the nearest pairing that is right --------------------------------------------------------


@dataclass(frozen=True)
class Right:
    """A pairing that is right: which function, how many units, which loss, and the labels made so.

    ``labels``: the line that makes them, with {} in place of their name; None as they are.
    """

    function: str
    units: int
    loss: str
    logits: bool = False
    labels: str | None = None


def right_pairings(p: Pairing) -> list[Right]:
    """Return the pairings that are right for these labels, the plainest first."""
    labels, units = p.labels, p.head.units
    wide = labels.shape[-1] if labels.shape and not labels.column else 1
    sparse, category, binary = (
        "sparse_categorical_crossentropy",
        "categorical_crossentropy",
        "binary_crossentropy",
    )
    amounts = p.loss if p.takes == "amounts" else "mean_squared_error"

    def both(function, count, loss, change=None):
        return [
            Right(function, count, loss, labels=change),
            Right("linear", count, loss, True, labels=change),
        ]

    if labels.sort in ("binary", "signs") or (
        labels.whole and labels.column and p.classes and labels.high - labels.low == 1
    ):
        to_binary = None
        if labels.sort == "signs":
            to_binary = "{} = ({} + 1) / 2"
        elif labels.low:
            to_binary = f"{{}} = {{}} - {labels.low:g}"
        found = both("sigmoid", 1, binary, to_binary) + both(
            "softmax", max(units, 2), sparse, to_binary
        )
        if labels.sort == "signs":
            found += [Right("linear", 1, "hinge"), Right("tanh", 1, "hinge")]
        regression = [Right("linear", 1, amounts)]
        if labels.sort == "signs":
            regression.append(Right("tanh", 1, amounts))
        return found if p.classes else regression + found
    if p.classes and labels.column and labels.whole and labels.high - labels.low < 1000:
        change = f"{{}} = {{}} - {labels.low:g}".replace("- -", "+ ") if labels.low else None
        count = int(labels.high - labels.low) + 1
        return both("softmax", max(units, count), sparse, change)
    if labels.sort in ("one-hot", "shares"):
        index = "{} = {}.argmax(axis=-1)" if labels.sort == "one-hot" else None
        found = both("softmax", wide, category)
        found += both("softmax", wide, sparse, index) if index else []
        regression = [Right("linear", wide, amounts), Right("sigmoid", wide, amounts)]
        return found if p.classes or p.takes != "amounts" else regression + found
    if labels.sort == "several":
        found = both("sigmoid", wide, binary)
        return found if p.classes else [*found, Right("linear", wide, amounts)]
    if labels.sort == "unit":
        loss = p.loss if p.takes == "amounts" else binary
        return [Right("sigmoid", wide, loss), Right("linear", wide, amounts)]
    return _regressions(p, wide, amounts)


def _regressions(p, wide, amounts):
    found = [Right("linear", wide, amounts)]
    labels, function = p.labels, p.head.function
    top = 255 if 1 < labels.high <= 255 and labels.high > 128 else float(f"{labels.high:.3g}")
    images = labels.low >= 0 and not labels.column and labels.high > 1
    if images and function in ("sigmoid", "hard_sigmoid"):  # pictures: what they lack is a scale
        loss = p.loss if p.takes in ("amounts", "each") else "mean_squared_error"
        found.insert(0, Right(function, wide, loss, labels=f"{{}} = {{}} / {top:g}"))
    if p.takes == "positive" and labels.low >= 0:
        found.insert(0, Right("softplus", wide, p.loss))
    return found


def nearest(p: Pairing) -> Right:
    """Return the right pairing that asks for the fewest changes; of equals, the plainest."""

    def changes(right):
        head = (right.function != p.head.function) + (right.units != p.head.units)
        loss = right.loss != p.loss or right.logits != (p.logits and right.loss == p.loss)
        return head + loss + (right.labels is not None)

    return min(right_pairings(p), key=changes)


def _nearest_cure(p: Pairing) -> tuple[Text, tuple[Change, ...]]:
    right = nearest(p)
    changes, texts = [], []
    if (right.function, right.units) != (p.head.function, p.head.units):
        own, text = _head_change(p, right.function, right.units)
        changes += own
        texts.append(text)
    if right.loss != p.loss or right.logits != p.logits:
        line = f"loss={_loss_source(right.loss, right.logits)}"
        changes.append(Change("compile", line, (p.head.name,) if p.several else ()))
        if p.several:
            texts.append(p.says("compila en la salida «{head}» con `{line}`", line=line))
        else:
            texts.append(Text("compila con `{line}`", line=line))
    if right.labels:
        lines = [right.labels.format("y", "y")]
        if p.same:
            lines.insert(0, right.labels.format("x", "x"))
        line = "; ".join(lines)
        changes += [Change("data", line)]
        texts.append(Text("antes de fit, escribe `{line}`", line=line))
    return Text("{cure!c}", cure=all_of(texts)), tuple(changes)


#: Loss → the name that people type.
SHORT = {"mean_squared_error": "mse", "mean_absolute_error": "mae"}


def _loss_source(name: str, logits: bool) -> str:
    if logits:
        words = "".join(word.capitalize() for word in name.split("_"))
        return f"keras.losses.{words}(from_logits=True)"
    return f'"{SHORT.get(name, name)}"'


def _head_change(p: Pairing, function: str, units: int) -> tuple[list[Change], Text]:
    """Return the changes of the head's lines, and how to say so."""
    layer, maker = p.head.layer, p.head.weights
    named = None if function == "linear" else function
    apart = layer is not maker and isinstance(layer, keras.layers.Layer)
    if maker is None or not _sized(maker):
        return [], p.says(
            "haz que la salida «{head}» tenga {count} y {ending}",
            count=Text("1 unidad") if units == 1 else Text("{units} unidades", units=units),
            ending=Text("acabe en {function}", function=named)
            if named
            else Text("no lleve activación"),
        )
    changes: list[Change] = []
    parts: list[Text] = []
    if apart or "activation" not in vars(maker):  # its function is a layer of its own, or none
        if units != p.head.units:
            changes.append(_written(maker, units, None, parts))
        if function != p.head.function:
            old = _line(layer) if apart else ""
            line = call("Activation", named or "linear")
            if layer is not None and apart:
                changes.append(Change("layer", line, (layer.name,)))
            parts.append(
                _replacing(old, line) if apart else Text("acaba en {function}", function=named)
            )
    else:
        changes.append(_written(maker, units, named, parts))
    return changes, all_of(parts)


def _replacing(old: str, line: str) -> Text:
    return Text("donde pone `{old}` escribe `{line}`", old=old, line=line)


def _sized(layer) -> bool:
    return any(hasattr(layer, name) for name in ("units", "filters"))


def _written(layer, units, function, parts) -> Change:
    line = _line(layer, units, function)
    parts.append(_replacing(_line(layer), line))
    return Change("layer", line, (layer.name,))


def _line(layer, units: int | None = None, function: str | None = "as it is") -> str:
    """Write the constructor of a layer, in short, with other units or another activation."""
    kind = type(layer).__name__
    if kind == "Activation":
        return call(kind, function_name(layer.activation))
    if not _sized(layer):
        return f"{kind}()"
    if function == "as it is":
        function = function_name(getattr(layer, "activation", None))
        function = None if function == "linear" else function
    sizes = [units or getattr(layer, "units", None) or layer.filters]
    if window := getattr(layer, "kernel_size", None):
        sizes.append(window[0] if len(set(window)) == 1 else tuple(window))
    return call(kind, *sizes, activation=function)


#: What can be wrong at an output, the cause of others first: of one output the first is told.
#:
#: :meta hide-value:
KINDS = {
    "constant_head": Kind(_head_is_constant),
    "one_unit": Kind(_one_unit),
    "label_shape": Kind(_shape, refused=True),
    "no_such_class": Kind(_classes_beyond, refused=True),
    "no_probability": Kind(_beyond_probability, refused=True),
    "negative_amounts": Kind(_negative_amounts),
    "sum_of_one": Kind(
        _summed_labels, certain=lambda p: p.takes == "shares" or p.labels.sort != "several"
    ),
    "not_probabilities": Kind(
        # Those of several classes divide by the sum, and then positive numbers will do.
        _no_probability,
        certain=lambda p: p.takes == "each" or p.head.low < 0 or p.head.one_sided,
    ),
    "logits_of_one_sign": Kind(_half_the_logits),
    "rivals": Kind(_rivals, certain=lambda p: p.labels.sort != "one-hot"),
    "no_sign": Kind(_no_sign),
    "one_sign": Kind(_one_sign),
    # One by one they are divided by their sum, and will do; but a hard one may be 0 in all.
    "alone": Kind(_alone, certain=lambda p: _squeezed(p) or p.head.function == "hard_sigmoid"),
    "no_logarithm": Kind(_no_logarithm, cure=_positive_head),
    "out_of_reach": Kind(_out_of_reach, certain=lambda p: _far(p)),
    "twice": Kind(_twice, certain=lambda p: _squeezed(p)),
    "narrow_logits": Kind(_narrow_logits, certain=False),
    "squared_classes": Kind(_squared_classes, certain=False),
    "one_sided": Kind(_one_sided, certain=False),
    "negative_logarithm": Kind(_negative_logarithm, certain=False, cure=_positive_head),
    "large_labels": Kind(_large_labels, certain=False, cure=_standardized),
}


def breach(p: Pairing) -> Breach | None:
    """Return the first thing that is wrong with a pairing; None if it is right."""
    for name, kind in KINDS.items():
        if evidence := kind.find(p):
            cure, changes = (kind.cure or _nearest_cure)(p)
            certain = kind.certain(p) if callable(kind.certain) else kind.certain
            told = {"evidence": evidence, "cure": cure}
            if kind.refused:
                advice = Advice("{evidence}. {cure}", *changes, **told)
            else:
                advice = Advice("{evidence!c}. {cure}.", *changes, **told)
            return Breach(name, p.head.name, certain, kind.refused, advice)
    return None


# --- what can be wrong in the hidden layers and the inputs ------------------------------------

LINEAR = (*(keras.layers.Dense, keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D),)


def no_activation(model: keras.Model) -> Breach | None:
    """Find a network in which nothing is nonlinear: all its layers are worth one.

    One that is narrower in the middle than at both ends is so on purpose: it looks for few
    directions.
    """
    if not getattr(model, "outputs", None) or len(model.outputs) != 1:
        return None
    chain = _chain(model)
    if chain is None:
        return None
    hidden = [a for a in chain[:-1] if isinstance(a, LINEAR)]
    if not hidden or not isinstance(chain[-1], LINEAR):
        return None
    if any(function_name(a.activation) != "linear" for a in hidden):
        return None
    sizes = [getattr(a, "units", None) or a.filters for a in (*hidden, chain[-1])]
    inputs = model.inputs[0].shape[-1] or 0
    if min(sizes[:-1]) < min(inputs, sizes[-1]):
        return None
    names = tuple(a.name for a in hidden)
    line = 'activation="relu"'
    initializer = 'kernel_initializer="he_normal"'
    told = {"names": listed(names), "line": line, "initializer": initializer}
    changes = Change("layer", line, names), Change("layer", initializer, names)
    if len(hidden) == 1:
        advice = Advice(
            "Una capa oculta ({names}) no lleva activación: con la salida valen lo mismo que una "
            "sola capa lineal. Escribe en ella `{line}`, con `{initializer}`.",
            *changes,
            **told,
        )
    else:
        advice = Advice(
            "{count} capas ocultas ({names}) no llevan activación: con la salida valen lo mismo "
            "que una sola capa lineal. Escribe en ellas `{line}`, con `{initializer}`.",
            *changes,
            count=len(hidden),
            **told,
        )
    return Breach("no_activation", names[0], False, False, advice)


def _chain(model) -> list | None:
    """Return the layers of a model in a row; None if they are not in one, or if any bends.

    One bends if it is neither a layer with weights of ``LINEAR`` nor one of those that only move
    numbers.
    """
    found: list = []
    (tensor,) = model.outputs
    while True:
        history = tensor._keras_history
        layer = history.operation
        if isinstance(layer, keras.layers.InputLayer):
            return found[::-1]
        if not isinstance(layer, (*LINEAR, *STRAIGHT)):
            return None
        found.append(layer)
        before = layer._inbound_nodes[history.node_index].input_tensors
        if len(before) != 1:
            return None
        (tensor,) = before


STRAIGHT = (
    *(keras.layers.Flatten, keras.layers.Reshape, keras.layers.Dropout, keras.layers.Permute),
    *(keras.layers.AveragePooling1D, keras.layers.AveragePooling2D, keras.layers.ZeroPadding2D),
    *(keras.layers.GlobalAveragePooling1D, keras.layers.GlobalAveragePooling2D, *RESCALING),
)


def not_scaled(model: keras.Model, x) -> Breach | None:
    """Find inputs that nobody has brought to size."""
    arrays = (
        x if isinstance(x, dict) else dict(enumerate(x if isinstance(x, list | tuple) else [x]))
    )
    tensors = getattr(model, "inputs", None)
    if not tensors or len(tensors) != len(arrays):
        return None
    if isinstance(x, dict):
        by_name = {tensor.name: tensor for tensor in tensors}
        keys = arrays if set(by_name) == set(arrays) else sorted(arrays)
        tensors = [by_name.get(key) for key in keys] if keys is arrays else tensors
        arrays = {key: arrays[key] for key in keys}
    for (key, array), tensor in zip(arrays.items(), tensors, strict=True):
        array = _few(np.asarray(array))
        size = rms(array) if array.dtype.kind in "fiu" else 0.0
        if size > UNSCALED and not _taken_as_ids_or_rescaled(model, tensor):
            line = scaling(array, "x" if len(arrays) == 1 else f"x[{key!r}]".replace("'", '"'))
            told = {"size": size, "line": line}
            if len(arrays) == 1:
                advice = Advice(
                    "Las entradas son muy grandes (valor eficaz {size:.3g}). Estandarízalas antes "
                    "de fit: `{line}`.",
                    Change("data", line),
                    **told,
                )
            else:
                advice = Advice(
                    "Las entradas de «{name}» son muy grandes (valor eficaz {size:.3g}). "
                    "Estandarízalas antes de fit: `{line}`.",
                    Change("data", line),
                    name=tensor.name,
                    **told,
                )
            return Breach("inputs_not_scaled", WHOLE, False, False, advice)
    return None


def scaling(array: np.ndarray, name: str = "x") -> str:
    """Write the line that standardizes an array: whole, or each column if they are apart.

    A column that is always the same stays as it is, at zero.
    """
    if array.ndim == 2 and array.shape[1] > 1:
        spread = array.std(axis=0, dtype=np.float64)
        spread = spread[spread > 0]
        middle = np.abs(array.mean(axis=0, dtype=np.float64))
        if len(spread) and max(spread.max(), middle.max()) > 30 * np.median(spread):
            return f"{name} = ({name} - {name}.mean(axis=0)) / ({name}.std(axis=0) + 1e-6)"
    return f"{name} = ({name} - {name}.mean()) / {name}.std()"


#: Layers that take numbers that measure nothing.
IDS = (
    *(keras.layers.Embedding, keras.layers.CategoryEncoding, keras.layers.Hashing),
    *(keras.layers.Discretization, keras.layers.IntegerLookup, keras.layers.StringLookup),
)
#: And that bring them to size.
NORMALIZATIONS = (
    *(keras.layers.BatchNormalization, keras.layers.LayerNormalization),
    *(keras.layers.GroupNormalization, keras.layers.UnitNormalization),
    keras.layers.RMSNormalization,
)


def _taken_as_ids_or_rescaled(model, tensor) -> bool:
    """Tell whether the first layer that an input meets looks words up, or brings it to size."""
    pending, seen = [tensor], set()
    while pending:
        current = pending.pop()
        for user in _users(model, current):
            if id(user) in seen:
                continue
            seen.add(id(user))
            if isinstance(user, (*IDS, *RESCALING, *NORMALIZATIONS)):
                return True
            if isinstance(user, keras.Model) and getattr(user, "inputs", None):
                pending += user.inputs
            elif not getattr(user, "weights", None):
                pending += [t for node in user._inbound_nodes for t in node.output_tensors]
            elif type(user).__module__.partition(".")[0] != "keras":
                return True  # a stranger's layer may do either
            elif getattr(user, "_layers", None) and any(map(_looks_up, flatten(user))):
                return True
    return False


def _looks_up(layer) -> bool:
    return isinstance(layer, (*IDS, *RESCALING))


def _users(model, tensor) -> list:
    """Return the operations that take a tensor."""
    return [
        operation
        for operation in flatten(model)
        for node in getattr(operation, "_inbound_nodes", [])
        if any(before is tensor for before in node.input_tensors)
    ]


def _few(array: np.ndarray) -> np.ndarray:
    """Return samples of an array, evenly spread, that do not cost much to look at."""
    return array[:: -(-array.size // VALUES)] if array.size > VALUES else array


# --- all of it --------------------------------------------------------------------------------


def check(model: keras.Model, x, y, loss=None, outputs=None) -> list[Breach]:
    """Return what is wrong with a model, a loss and a batch, before any pass; certain ones first.

    Args:
        model: a built Keras model.
        x, y: arrays (samples, …), or lists or dicts of them.
        loss: as for ``examine``; that of the compiled model by default.
        outputs: the symbolic TensorFlow tensors that it returns, if its pass has been traced: they
            show the heads that its layers do not.
    """
    loss = getattr(model, "loss", None) if loss is None else loss
    found = [breach(p) for p in pairings(model, x, y, loss, outputs)]
    found += [no_activation(model), not_scaled(model, x)]
    return sorted((b for b in found if b), key=lambda one: not one.certain)


def checked(model, x, y, loss=None, outputs=None) -> tuple[Breach, ...]:
    """Return the same as ``check``; raise ValueError if the loss cannot even be computed."""
    found = check(model, x, y, loss, outputs)
    for one in found:
        if one.refused:
            raise ValueError(one.advice)
    return tuple(found)


def refuse(found: list[Pairing]) -> None:
    """Raise ValueError, with the way out, if labels have values that their loss can't take."""
    for one in map(breach, found):
        if one and one.refused:
            raise ValueError(one.advice)


def pairings(model, x, y, loss, outputs=None) -> list[Pairing]:
    """Return what meets at each output that has a known loss; none if they do not match."""
    heads = heads_of(model)
    if outputs is not None:
        tensors = keras.tree.flatten(outputs)
        names = [head.name for head in heads or []] or [model.name] * len(tensors)
        traced = [traced_head(*pair) for pair in zip(names, tensors, strict=True)]
        known = heads or traced
        heads = [a if a.function else b for a, b in zip(known, traced, strict=True)]
    if not heads or loss is None:
        return []
    sequential = isinstance(model, keras.Sequential)
    structure = outputs if outputs is not None else model.outputs if sequential else model.output
    labels = labels_of(loss, model, y)
    specs, kept = with_loss(loss, model, structure)
    if len(kept) != len(labels):
        return []
    inputs = x if isinstance(x, np.ndarray) else None
    found = []
    for i, array in zip(kept, labels, strict=True):
        spec, array = specs[i], _few(np.asarray(array))
        if spec is None or not array.size or array.dtype.kind not in "biuf":
            continue
        head, name = heads[i], loss_name(spec)
        ignored = getattr(spec, "ignore_class", None)
        values = array if ignored is None else array[array != ignored]
        if not values.size or getattr(spec, "axis", -1) not in (-1, None, len(head.shape)):
            continue
        shape = array.shape[1:]
        same = (
            inputs is not None
            and shape == inputs.shape[1:]
            and np.array_equal(array[:2], inputs[:2])
        )
        logits = bool(getattr(spec, "from_logits", False))
        taken = Labels(values, shape, _column(shape, head))
        found.append(Pairing(head, name, logits, taken, len(kept) > 1, same))
    return found


def _column(shape: tuple, head: Head) -> bool:
    """Tell whether labels of this shape are one for each position of an output."""
    positions = len(head.shape) - 1
    return len(shape) <= positions or (len(shape) == positions + 1 and shape[-1:] == (1,))


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
