"""A look as TensorBoard reads it: scalars, and histograms of h, δ and ∂L/∂W."""

import numpy as np

from latido.snapshot import Snapshot
from latido.words import Text

HISTOGRAM = "histograms"
SCALAR = "scalars"


def writer(folder):
    """Return what writes to a folder, as TensorFlow does it, whatever the backend.

    Raises ValueError, in one line, if TensorFlow is not installed.
    """
    try:
        import tensorflow as tf
    except ImportError:
        raise ValueError(
            Text("log_dir escribe con TensorFlow, que no está instalado: instálalo, o usa csv")
        ) from None
    return tf.summary.create_file_writer(str(folder))


def write(now: Snapshot) -> None:
    """Write a look as TensorBoard reads it, whether TensorBoard is installed or not."""
    _summary(SCALAR, "loss", now.loss, now.step)
    for layer in now.layers:
        for field in SCALARS:
            _summary(SCALAR, f"{layer.name}/{field}", getattr(layer, field), now.step)
        for field, values in layer.values.items():
            finite = values[np.isfinite(values)]
            counts, edges = np.histogram(finite.astype(np.float64), bins=30)
            bins = np.stack([edges[:-1], edges[1:], counts], axis=1)
            _summary(HISTOGRAM, f"{layer.name}/{field}", bins, now.step)


SCALARS = (
    *("activation_rms", "contrast", "delta_norm", "weight_gradient_rms", "weight_rms"),
    *("update_ratio", "dead_fraction", "saturated_fraction"),
)


def _summary(plugin: str, tag: str, value, step: int) -> None:
    # tf.summary.scalar and histogram need the tensorboard package; the record they write does
    # not. A scalar is one float32, a histogram has rows (left, right, count).
    import tensorflow as tf

    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = plugin
    metadata.data_class = {SCALAR: 1, HISTOGRAM: 2}[plugin]
    dtype = {SCALAR: tf.float32, HISTOGRAM: tf.float64}[plugin]
    tf.summary.write(tag, tf.cast(value, dtype), step, metadata)


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
