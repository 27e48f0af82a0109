"""The loss before training, against an exact integral and the homogeneity of ReLU."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from clinic import first_loss
from lab import cli, data

SMALL = {"depth": 3, "width": 32, "seeds": 3, "epochs": 1}


@pytest.fixture(scope="module")
def losses():
    return first_loss.measure(**SMALL)


def expected_log_of_sum(s: float, classes: int) -> float:
    """E[ln Σ exp(s u)] from ln X = ∫ (exp(−t) − exp(−tX))/t dt (Frullani), with t = exp(v)."""

    def transform(v):  # E[exp(−t exp(s u))], one class
        return quad(lambda u: norm.pdf(u) * np.exp(-np.exp(v + s * u)), -9, 9, limit=200)[0]

    return quad(lambda v: np.exp(-np.exp(v)) - transform(v) ** classes, -25, 12, limit=200)[0]


@pytest.mark.parametrize("s", [0.1, 1.0, 3.0])
def test_prediction_is_the_exact_integral(s):
    # 100 000 draws of a deviation below 0.6 s: four standard errors.
    error = 4 * 0.6 * s / np.sqrt(100_000)
    assert first_loss.predict(s)[0] == pytest.approx(expected_log_of_sum(s, 10), abs=error)


def test_prediction_tends_to_the_two_laws_of_the_chapter():
    assert first_loss.predict(0.05)[0] == pytest.approx(np.log(10) + 0.05**2 / 2 * 0.9, abs=2e-4)
    largest, _ = quad(lambda u: u * 10 * norm.pdf(u) * norm.cdf(u) ** 9, -9, 9)
    assert largest == pytest.approx(1.54, abs=0.005)  # the number in the text
    assert first_loss.predict(1e3)[0] == pytest.approx(1e3 * largest, rel=0.01)


def test_pixels_go_where_their_name_says():
    images = data.load()
    for pixels, top in (("0–1", 1), ("0–255", 255)):
        x = first_loss.rescaled(images, pixels).x_train
        assert (x.min(), x.max()) == pytest.approx((0, top))
    assert first_loss.rescaled(images, "standardized") is images


def test_what_multiplies_the_inputs_or_the_head_multiplies_the_logits(losses):
    size = losses.pivot(index="seed", columns="case", values="logit_rms")
    # float32 sums of 32 terms, in another order
    assert size.raw.to_numpy() == pytest.approx(255 * size.unit.to_numpy(), rel=1e-4)
    assert size.tenth.to_numpy() == pytest.approx(0.1 * size.standard.to_numpy(), rel=1e-5)


def test_the_loss_is_near_the_prediction(losses):
    ratio = (losses["first"] / first_loss.predict(losses.logit_rms)).groupby(losses.case).mean()
    # A head has ten rows, and its loss for large logits deviates by 18 %: 0.3 is three standard
    # errors of the mean of three.
    assert ratio.to_numpy() == pytest.approx(1, abs=0.3)
    assert ratio[["tenth", "hundredth"]].to_numpy() == pytest.approx(1, abs=0.02)


def test_summary_and_table_name_every_case(losses, capsys):
    values = first_loss.summary(losses)
    assert values["raw_loss"] > values["standard_loss"] > values["tenth_loss"] - 0.1
    assert len(first_loss.table(losses)) == len(first_loss.CASES)
    argv = ["--case", "tenth", "--depth", "2", "--width", "8", "--seeds", "1", "--epochs", "1"]
    parts = first_loss.measure, first_loss.draw, first_loss.table
    assert cli.main("", *parts, options=first_loss.OPTIONS, argv=argv) == 0
    assert "salida × 0.1" in capsys.readouterr().out
