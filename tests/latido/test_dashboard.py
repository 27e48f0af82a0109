"""The five plots: what they show, and that nothing of their look stays in Matplotlib."""

import io

import matplotlib as mpl
import pytest
from networks import DIGITS, compiled

from lab import model
from latido import SignalMonitor


def test_dashboard_describes_itself():
    x, y = DIGITS
    network = compiled(model.mlp("relu", "he_normal", depth=2, width=16))
    monitor = SignalMonitor(x, y, every=2)
    with pytest.raises(ValueError, match="aún no se ha mirado"):
        monitor.draw()
    network.fit(x, y, epochs=1, verbose=0, callbacks=[monitor])
    figure = monitor.draw()
    assert len(figure.axes) == 6 and "ningún síntoma" in figure.get_label()
    assert figure._repr_png_().startswith(b"\x89PNG")  # a notebook that has not imported pyplot
    points = figure.axes[4].lines[0].get_ydata()
    assert points[0] == pytest.approx(monitor.report.snapshots[0].loss)


def rendered(figure):
    file = io.BytesIO()
    figure.savefig(file, format="raw", dpi=100)  # the size is for whoever writes it to say
    return file.getvalue()


def test_it_looks_the_same_whatever_style_the_reader_has():
    network = compiled(model.mlp("relu", "he_normal", depth=2, width=16))
    monitor = SignalMonitor(*DIGITS)
    network.fit(*DIGITS, epochs=2, verbose=0, callbacks=[monitor])
    with mpl.rc_context():
        mpl.rcdefaults()
        expected = rendered(monitor.draw())
        mpl.rcParams |= {"axes.grid": False, "xtick.color": "red", "ytick.labelsize": 20}
        mpl.rcParams |= {"grid.color": "red", "axes.titlesize": 20, "legend.frameon": True}
        assert rendered(monitor.draw()) == expected
        figure = monitor.draw()
    assert rendered(figure) == expected  # ticks are made when it is drawn, in whatever style
