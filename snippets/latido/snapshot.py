"""What one look at a network leaves behind: a few numbers per layer."""

import math
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from latido.words import Text

#: What the compiled pass computes of each layer, in this order.
STATISTICS = (
    "preactivation_rms",
    "activation_rms",
    "contrast",
    "delta_norm",
    "weight_gradient_rms",
    "weight_rms",
    "weight_deviation",
    "bias_mean",
    "dead_fraction",
    "saturated_fraction",
    "delta_reach",
    "memory",
    "time_growth",
    "finite",
)


@dataclass(frozen=True)
class LayerSignals:
    """What one batch leaves behind in one layer with weights.

    z is what enters the layer's activation function, whether that is its own argument or a
    later layer's (behind a normalization or a sum, too); without one, z = h = its output.
    Of a recurrent layer they are those of all steps, and δ is ∂(loss)/∂h of each step. Calls
    of one layer that do not feed one another are one: their values stand side by side.

    Attributes:
        name: of the Keras layer, with its path if two layers share the name.
        activation: name of its activation; "linear" if none was seen.
        head: whether its output is an output of the model.
        fan_in, units: inputs of one unit (0 if it is not known), and how many units.
        preactivation_rms, activation_rms: of z and h, over samples and units.
        contrast: share of E[h²] that depends on the input, E_units[Var_samples(h)]/E[h²];
            at zero the layer answers every input alike.
        delta_norm: root mean square over samples of ‖∂(loss of one sample)/∂z‖₂, the norm
            over all the units (and positions) of the layer.
        weight_gradient_rms, weight_rms: of ∂(mean loss)/∂W and of W, over all weights.
        weight_deviation: standard deviation of W.
        bias_mean: mean of the bias, 0 without one.
        dead_fraction: units whose slope φ'(z) is below a hundredth of the steepest for all
            samples (and positions), if φ is flat on one side only (relu, elu, gelu …).
        saturated_fraction: values of z whose slope is below a tenth of the steepest, if φ is
            flat on both sides (sigmoid, tanh …). NaN where it does not apply, as above.
        finite: whether z, h, δ, W and ∂L/∂W are all finite numbers.
        duplicate_fraction: units whose weights AND weight gradients equal those of another
            unit of the layer: after one step they still will.
        delta_reach: delta_norm, or that of δ summed over the positions if it is larger: behind
            a mean over positions each has little, and all pull the same way.
        memory: of a recurrent layer, how many of its steps get at least a hundredth of the δ
            of the last one; NaN for fewer than 20 steps, and for other layers.
        time_growth: of a recurrent layer, the largest ‖δ‖ of a step beside that of the last.
        frozen: whether its weights are not trained. What arrives at them is NaN if nothing
            before it is trained either.
        normalized: whether something behind it brings the signal to size, anew in each batch.
        gate: whether it only scales a signal that goes on without it.
        first, last: whether the examples arrive at it, or it arrives at a head, without crossing
            another layer with weights.
        update_ratio: rms(ΔW)/rms(W) of one training step; NaN before it was taken.
        values: z, h, δ and ∂L/∂W as flat arrays, if they were asked for.
        size: how many weights; 0 if it is not known.
        kind: the class of the Keras layer; "LoRA" if two narrow factors are trained in its place.
        kernels: its ``latido.initializers.Kernel`` matrices, as they were at the first look.
        owner: the name of the layer that its activation is, if it is another one.
        factor: whether its answer, between 0 and 1, multiplies another signal.
    """

    name: str
    activation: str
    head: bool
    fan_in: int
    units: int
    preactivation_rms: float
    activation_rms: float
    contrast: float
    delta_norm: float
    weight_gradient_rms: float
    weight_rms: float
    weight_deviation: float
    bias_mean: float
    dead_fraction: float
    saturated_fraction: float
    finite: bool
    duplicate_fraction: float
    delta_reach: float = float("nan")
    memory: float = float("nan")
    time_growth: float = float("nan")
    frozen: bool = False
    normalized: bool = False
    gate: bool = False
    first: bool = False
    last: bool = False
    update_ratio: float = float("nan")
    values: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False, compare=False)
    size: int = 0
    kind: str = ""
    kernels: tuple[Any, ...] = field(default=(), repr=False, compare=False)
    owner: str = ""
    factor: bool = False


@dataclass(frozen=True)
class Snapshot:
    """One look at a network. What it says reads as Spanish; a Report says it in its language.

    Attributes:
        step: training steps taken before it.
        layers: in the order in which the signal crosses them.
        loss: mean loss of the batch, without regularization; with what layers add to it.
        constant_loss: loss of the best answer that does not look at the input; NaN if the
            loss function is none of those for which it is known.
        input_rms: largest root mean square among the inputs of the model; 0 if they are not
            measures (tokens, text) or the model begins by rescaling them.
        label_rms: the same of the labels of a regression; 0 if they are classes.
        earlier_loss: that of an earlier look at the same training, as a monitor fills it in; NaN
            without one.
        optimizer, learning_rate: of the compiled model; "" and NaN if it is not compiled.
        normalized: whether something in the model normalizes the signal.
        skipped: layer → why it could not be looked into.
        cuts: layer that no gradient reaches → the operation behind it that has none.
        samples: how many were looked at.
        fit_loss: the loss that ``fit`` tells around this look, over a few batches, as a monitor
            fills it in; None without one.
        notes: what to know about this look.
        losses, constant_losses: of each sample, (samples,): what ``loss`` is the mean of, and
            what the best constant answer costs there; None if it is not known.
        settings: the numbers of the optimizer besides its rate, by Keras's names.
        breaches: what is wrong between head, loss, labels and inputs, as ``latido.contract`` finds
            it without a pass.
        dangers: operations that turn 0 into NaN and where they are (``latido.dangers``).
    """

    step: int
    layers: tuple[LayerSignals, ...]
    loss: float
    constant_loss: float
    input_rms: float
    optimizer: str = ""
    learning_rate: float = float("nan")
    normalized: bool = False
    skipped: dict[str, str] = field(default_factory=dict)
    label_rms: float = 0.0
    earlier_loss: float = float("nan")
    cuts: dict[str, str] = field(default_factory=dict)
    samples: int = 0
    fit_loss: float | None = None
    notes: tuple[str, ...] = ()
    losses: NDArray[Any] | None = field(default=None, repr=False, compare=False)
    constant_losses: NDArray[Any] | None = field(default=None, repr=False, compare=False)
    settings: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    breaches: tuple[Any, ...] = ()
    dangers: tuple[Any, ...] = ()

    @property
    def finite(self) -> bool:
        """Whether all that was measured are finite numbers, the loss that ``fit`` tells too."""
        told = self.loss if self.fit_loss is None else self.loss + self.fit_loss
        return math.isfinite(told) and all(layer.finite for layer in self.layers)

    @property
    def told_loss(self) -> float:
        """The lower of the two losses, ours and that of ``fit``; ours if ``fit`` tells none."""
        told = self.loss if self.fit_loss is None else self.fit_loss
        return min(self.loss, told) if told == told else self.loss

    @property
    def hidden(self) -> tuple[LayerSignals, ...]:
        """The layers that are not the head."""
        return tuple(layer for layer in self.layers if not layer.head)


#: Why a layer with weights is not in a snapshot.
#:
#: :meta hide-value:
SKIPPED = {
    "uncalled": Text("no se ha usado en esta pasada"),
    "loop": Text("trabaja dentro de un bucle y no se ve desde fuera"),
    "blind": Text("no mira los ejemplos"),
    "idle": Text("no influye en la pérdida"),
    "unread": Text("no usa sus pesos"),
    "lost": Text("no se puede seguir el gradiente hasta ella"),
    "odd": Text("su salida no es una matriz de números reales"),
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
