"""The blocks against Keras's layers, the theory against wide blocks and closed forms."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from transformer import norm_place
from transformer.norm_place import HEADS, KINDS

WIDTH, TOKENS = 8, 5


@pytest.fixture(scope="module")
def drawn():
    return norm_place.draw_weights([3], 2, WIDTH, TOKENS)


@pytest.mark.parametrize("kind", ["post", "pre", "bare", "scaled"])
def test_a_block_is_made_of_keras_layers(kind, drawn):
    x, _, (w, _) = drawn
    x = x + 0.5  # so that it matters who takes the mean away
    size = WIDTH // HEADS
    layer = keras.layers.MultiHeadAttention(HEADS, size, use_bias=False)
    layer.build(x.shape, x.shape)
    cut = [w[name].reshape(WIDTH, HEADS, size) for name in ("query", "key", "value")]
    layer.set_weights([*cut, w["out"].reshape(HEADS, size, WIDTH)])
    norm = keras.layers.LayerNormalization(epsilon=1e-12)

    before = norm if KINDS[kind].before else lambda h: h
    after = norm if KINDS[kind].after else lambda h: h
    scale = KINDS[kind].scale(3)
    h = tf.constant(x, "float32")
    h = after(h + scale * layer(before(h), before(h)))
    hidden = tf.nn.relu(before(h) @ w["in"].astype("float32"))
    expected = after(h + scale * hidden @ w["back"].astype("float32"))
    found, p = norm_place.block(tf.constant(x), w, KINDS[kind], scale)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(p.numpy().sum(axis=-1), 1)


@pytest.mark.parametrize("kind", ["post", "pre"])
def test_gradients_are_those_of_finite_differences(kind, drawn):
    x, asked, weights = drawn
    columns = norm_place.born(KINDS[kind], 2, x, asked, weights, [3])

    def answer(change):
        h = norm_place.normalize(tf.constant(x))
        for place, w in enumerate(weights):
            w = {**w, "in": w["in"] + change} if place == 0 else w
            h, _ = norm_place.block(h, w, KINDS[kind], 1.0)
        return float(tf.reduce_sum(norm_place.normalize(h) * asked))

    # E over random directions of (gradient · direction)² is |gradient|²; here, along each axis.
    shape, step, squares = weights[0]["in"].shape, 1e-6, 0.0
    for index in np.ndindex(*shape):
        change = np.zeros(shape)
        change[index] = step
        squares += ((answer(change) - answer(-change)) / (2 * step)) ** 2
    assert columns["weight_gradient"][1] == pytest.approx(
        np.sqrt(squares / np.prod(shape)), rel=1e-4
    )


@pytest.mark.parametrize("kind", ["post", "pre", "scaled", "layerscale"])
@pytest.mark.parametrize("question", norm_place.QUESTIONS)
def test_theory_is_what_wide_blocks_do(kind, question):
    depth, width = 4, 256
    blocks = norm_place.measure((kind,), (depth,), width, 16, 6, 0, question)
    line = norm_place.predict(kind, depth, 16, question)
    by_block = blocks.groupby("block")
    np.testing.assert_allclose(by_block["size"].mean(), line.size, rtol=0.06)
    np.testing.assert_allclose(by_block.alike.mean(), line.alike, atol=0.06)
    np.testing.assert_allclose(by_block.attended.mean()[1:], line.attended[1:], rtol=0.06)
    # Theory speaks of mean squares.
    for column in ("gradient", "weight_gradient"):
        found = np.sqrt(by_block[column].agg(lambda values: (values**2).mean()))
        np.testing.assert_allclose(found[1:], getattr(line, column)[1:], rtol=0.25)


def test_the_last_block_gets_what_xiong_says():
    tokens = 16
    for depth in (2, 12, 48):
        post, pre = (norm_place.predict(kind, depth, tokens) for kind in ("post", "pre"))
        # ∂L/∂W sums over the tokens; the norm divides by √2, the size of a sum of two ones.
        assert post.weight_gradient[-1] == pytest.approx(np.sqrt(tokens / 4 / 2))
        assert pre.weight_gradient[-1] == pytest.approx(np.sqrt(tokens / 4 / pre.size[-1]))
        assert depth < pre.size[-1] < 1 + 2 * depth


@pytest.mark.parametrize("alike", [-0.3, 0.0, 0.5, 0.95])
def test_relu_makes_tokens_alike(alike):
    rng = np.random.default_rng(0)
    one, other = rng.standard_normal((2, 400_000))
    other = alike * one + np.sqrt(1 - alike**2) * other
    h, k = np.maximum(one, 0), np.maximum(other, 0)
    found = (h * k).mean() / (h**2).mean()
    assert norm_place.relu_alike(alike) == pytest.approx(found, abs=0.01)
    together = ((one > 0) & (other > 0)).mean() / (one > 0).mean()
    assert norm_place.relu_agree(alike) == pytest.approx(together, abs=0.01)


def test_attention_alone_cubes_what_sets_tokens_apart():
    # Logits tell tokens apart by two factors 1 − c, and values by a third; softmax's slope is
    # 1/T, less 1/T² for what the others lose.
    apart = 1 - norm_place.predict("attention", 4, 16).alike
    assert apart[3] == pytest.approx(apart[2] ** 3 * 15 / 16**2, rel=0.05)


def test_a_deeper_stack_begins_like_a_shallower_one():
    blocks = norm_place.measure(("post",), (1, 3), 8, 4, 2)
    first = [blocks[(blocks.depth == depth) & (blocks.block == 1)] for depth in (1, 3)]
    np.testing.assert_allclose(first[0].alike, first[1].alike)
