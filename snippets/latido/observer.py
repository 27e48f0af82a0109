"""See inside ANY Keras model: z, h and δ of every layer with weights, in one compiled pass.

Two things make it work. ``latido.tracing`` finds the signals while the pass is traced. And
everything runs inside ``keras.StatelessScope``, so that no seed advances and no moving average
moves: the training goes on as if nobody had looked. The pass is that of a training, with batch
statistics wherever the model would take them; only layers that draw at random (Dropout) are off.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from latido.contract import checked, pairings, refuse
from latido.dangers import dangers, written_by
from latido.heads import is_gate
from latido.initializers import kernels_of
from latido.layers import (
    RESCALING,
    channels,
    fans,
    flatten,
    function_name,
    layers_with_weights,
    normalizes,
    unique_names,
)
from latido.losses import check_labels, fits, labels_of, per_sample, weights_of
from latido.measures import duplicates, input_rms, numbers_of, rms
from latido.snapshot import SKIPPED, STATISTICS, LayerSignals, Snapshot
from latido.tracing import Recorder, connected, find_bare_activations, returnable


class Observer:
    """Looks at one model as often as wanted; compiled once, at the first look.

    Args:
        model: any built Keras model (TensorFlow backend).
        loss: a Keras loss, its name, or a list or dict of them for several outputs. By
            default, that of the compiled model, or else the one that fits head and labels.
        values: whether to also return every z, h, δ and ∂L/∂W.

    Attributes:
        trained: the outputs that have a loss, after the first look.

    Raises:
        ValueError: the model has no weights yet, or none that can be trained. A look raises
            it for data that do not fit the model. In one Spanish line.
    """

    def __init__(self, model: keras.Model, loss=None, *, values: bool = False):
        check_backend()
        if not model.built:
            raise ValueError(
                "el modelo aún no tiene pesos: llámalo una vez con datos, o dale un Input"
            )
        if not model.trainable_weights:
            raise ValueError("el modelo no tiene pesos entrenables: no hay nada que diagnosticar")
        self.model = model
        own = loss is None
        self.loss = getattr(model, "loss", None) if own else loss
        self._loss_weights = weights_of(model) if own else None
        self.values = values
        self._weighted = layers_with_weights(model)
        self._breaches = ()
        if not self._weighted:
            raise ValueError("ninguna capa entrenable tiene una matriz de pesos")
        self._names = unique_names([*self._weighted])
        layers = flatten(model)
        self._normalized = any(map(normalizes, layers))
        self._rescaled = any(isinstance(layer, RESCALING) for layer in layers)
        self._tokens = any(isinstance(layer, keras.layers.Embedding) for layer in layers)
        self._traced = {}

    def __call__(self, x, y, step: int = 0) -> Snapshot:
        """Return what the batch leaves behind in the model as it stands.

        Args:
            x, y: as ``model.fit`` takes them: arrays (samples, …), or lists or dicts of them.
            step: training steps taken so far, to be noted in the result.
        """
        _check_inputs(self.model, x)
        if not self._traced:
            self._breaches = checked(self.model, x, y, self.loss)
        given = y
        y = labels_of(self.loss, self.model, y)
        tensors = tf.nest.map_structure(tf.convert_to_tensor, (x, y))
        # Not left to tf.function itself, which warns when many models are looked at in a row.
        key = str(tf.nest.map_structure(lambda tensor: (tensor.shape, tensor.dtype), tensors))
        with _as_traced():
            if key not in self._traced:
                self._labels = y
                function = tf.function(self._pass, autograph=False)
                self._traced[key] = function.get_concrete_function(*tensors)
                self._breaches = checked(self.model, x, given, *self._promised())
            self.check_labels(given)
            tensors = self._traced[key](*tensors)
        result = tf.nest.map_structure(lambda tensor: tensor.numpy(), tensors)
        layers = []
        for i, (fixed, row) in enumerate(zip(self._fixed, result["rows"], strict=True)):
            numbers = dict(zip(STATISTICS, row.tolist(), strict=True))
            numbers["finite"] = bool(numbers["finite"])
            layers.append(
                LayerSignals(
                    **fixed,
                    **numbers,
                    duplicate_fraction=duplicates(result["marks"][i]),
                    values={k: v[i] for k, v in result["values"].items()},
                )
            )
        optimizer = getattr(self.model, "optimizer", None)
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # inside a loss scale
        return Snapshot(
            step,
            tuple(layers),
            float(result["loss"]),
            sum(one.constant(labels) for one, labels in zip(self.trained, y, strict=True)),
            0.0 if self._rescaled else input_rms(x, self._tokens),
            optimizer=type(optimizer).__name__ if optimizer else "",
            learning_rate=float(optimizer.learning_rate) if optimizer else float("nan"),
            normalized=self._normalized,
            skipped=dict(self.skipped),
            breaches=self._breaches,
            dangers=self._dangers,
            label_rms=max(
                rms(labels) if one.quantities else 0.0
                for one, labels in zip(self.trained, y, strict=True)
            ),
        )

    def check_labels(self, y) -> None:
        """Raise ValueError if labels (any number of them) have values that the loss can't take.

        Possible after the first look, which chooses the loss.
        """
        refuse(pairings(self.model, None, y, *self._promised()))
        for one, labels in zip(self.trained, labels_of(self.loss, self.model, y), strict=True):
            check_labels(one.loss, one.classes, np.asarray(labels))

    def _promised(self) -> tuple:
        """Return the losses, also those that were chosen, and the outputs, as they were traced."""
        losses = self.loss
        return ([one.loss for one in self.trained] if losses is None else losses), self._outputs

    def kernels(self) -> list[np.ndarray]:
        """Return a copy of the weights of each layer, in the order of ``Snapshot.layers``."""
        return [self._weighted[site.layer].numpy() for site in self._sites]

    # --- the traced pass ------------------------------------------------------------------

    def _pass(self, x, y):
        with keras.StatelessScope(), tf.GradientTape() as tape:
            with Recorder(self.model, self._weighted, tape) as recorder:
                outputs = self.model(x, training=True)
            find_bare_activations(recorder.sites, outputs)
            self._outputs = outputs
            losses, self.trained, outputs = per_sample(
                self.loss, self._loss_weights, self.model, outputs, y, self._labels
            )
            # Differentiating the SUM leaves in each row of z the δ of its own sample. Half
            # precision needs its gradients away from its smallest number, 6e-8, and from its
            # largest, 6e4.
            half = any(layer.compute_dtype == "float16" for layer in self._weighted)
            scale = 1.0
            if half:
                scale = 256.0 / tf.maximum(tf.stop_gradient(tf.reduce_mean(losses)), 1.0)
            total = scale * tf.reduce_sum(losses)
            sites = returnable(recorder.sites, tf.nest.flatten(x)[0].shape[0])
            for site in sites:
                site.kernel = self._weighted[site.layer].value
        self._dangers = dangers([losses], *written_by(self.model, self.trained))
        kernels = [site.kernel for site in sites]
        gradients = tape.gradient(total, ([site.z for site in sites], kernels))
        for site, delta, gradient in zip(sites, *gradients, strict=True):
            site.delta, site.gradient = delta, gradient
        self._sites = connected(sites, outputs)
        seen = [site.layer for site in self._sites]
        self.skipped = {name: SKIPPED for layer, name in self._names.items() if layer not in seen}
        scale = tf.cast(scale, tf.float64)
        samples = tf.cast(tf.shape(losses)[0], tf.float64)
        for site in self._sites:
            site.delta = tf.cast(site.delta, tf.float64) / scale
            # An Embedding's gradient comes as rows and indices.
            gradient = tf.cast(tf.convert_to_tensor(site.gradient), tf.float64)
            site.gradient = gradient / (scale * samples)
        self._fixed = self._describe()
        rows, marks = self._measure()
        return {
            "rows": rows,
            "marks": marks,
            "loss": tf.reduce_mean(losses),
            "values": self._all_values() if self.values else {},
        }

    def _describe(self) -> list[dict]:
        """Return what does not change from look to look: names, activations, sizes."""
        calls, found = Counter(), []
        for site in self._sites:
            calls[site.layer] += 1
            again = calls[site.layer]
            suffix = f" ({again})" if again > 1 else ""  # a layer that the model calls twice
            found.append(
                {
                    "name": self._names[site.layer] + suffix,
                    "activation": function_name(site.function),
                    "head": site.head,
                    **fans(site.layer, site.kernel.shape),
                    "kind": type(site.layer).__name__,
                    "kernels": kernels_of(site.layer),
                    "owner": getattr(site.owner, "name", ""),
                    "gate": is_gate(site.h, function_name(site.function)),
                }
            )
        return found

    def _measure(self):
        """Return the STATISTICS of every layer, (layers, statistics), and its units' marks."""
        rows, marks, programs = [], [], {}
        for site in self._sites:
            bias = getattr(site.layer, "bias", None)
            tensors = [site.z, site.h, site.kernel, site.delta, site.gradient]
            tensors += [] if bias is None else [bias.value]
            # Most networks repeat a layer: one program for all of a kind is traced once.
            shapes = str([(tensor.shape, tensor.dtype) for tensor in tensors])
            key = id(site.function), type(site.layer), channels(site.layer), shapes
            if key not in programs:
                numbers = numbers_of(site.layer, site.function)
                programs[key] = tf.function(numbers, autograph=False)
            row, unit_marks = programs[key](*tensors)
            rows.append(row)
            marks.append(unit_marks)
        return tf.stack(rows), marks

    def _all_values(self) -> dict[str, list]:
        """Return every z, h, δ and ∂L/∂W, flat, layer by layer."""
        names = {"z": "z", "h": "h", "delta": "delta", "weight_gradient": "gradient"}
        return {
            name: [tf.reshape(tf.cast(getattr(s, of), tf.float32), [-1]) for s in self._sites]
            for name, of in names.items()
        }


def check_backend() -> None:
    """Raise ValueError, in one Spanish line, if Keras does not run on TensorFlow."""
    if (backend := keras.backend.backend()) != "tensorflow":
        raise ValueError(
            f"Keras trabaja aquí con {backend} y hace falta TensorFlow: pon la variable de "
            "entorno KERAS_BACKEND=tensorflow antes de importar keras"
        )


@contextlib.contextmanager
def _as_traced() -> Iterator[None]:
    """Let TensorFlow run graphs as they were traced, until the end of the block.

    It would look for faster ones before the first run, for a third of the time of a first look.
    """
    name, options = "disable_meta_optimizer", tf.config.optimizer
    before = options.get_experimental_options().get(name, False)
    options.set_experimental_options({name: True})
    try:
        yield
    finally:
        options.set_experimental_options({name: before})


def _check_inputs(model, x) -> None:
    """Raise ValueError, in one Spanish line, if the data have not the model's input shape."""
    expected, given = getattr(model, "inputs", None) or [], tf.nest.flatten(x)
    if not expected:  # a subclassed model takes what it takes
        return
    if isinstance(x, dict) and all(tensor.name in x for tensor in expected):
        given = [x[tensor.name] for tensor in expected]
    if len(expected) != len(given):
        raise ValueError(f"entradas del modelo: {len(expected)}; las que se han dado: {len(given)}")
    for tensor, array in zip(expected, given, strict=True):
        shape, got = tuple(tensor.shape[1:]), tuple(np.shape(array)[1:])
        if not fits(got, shape):
            raise ValueError(f"cada ejemplo de x tiene forma {got} y el modelo espera {shape}")


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
