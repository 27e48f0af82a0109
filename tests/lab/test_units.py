"""An experiment's units in this process: their order, what they share, what becomes of errors."""

import threading

import pytest

from lab import store, units


def square(number, kind="a"):
    """The unit of these tests; it lies outside of snippets/, where nothing is kept."""
    if number < 0:
        raise ValueError(f"negativo: {number}")
    return number**2


def work(*numbers, **more):
    return [{"number": number, **more} for number in numbers]


@pytest.fixture(autouse=True)
def two_threads(monkeypatch):
    monkeypatch.setattr(units, "_cores", lambda: 2)


@pytest.mark.parametrize("lane", [(), ("kind",), ("number",)])
def test_results_come_in_the_order_of_the_parameters(lane):
    parameters = work(3, 1, kind="b") + work(2, 5)
    parameters[2]["kind"] = parameters[3]["kind"] = "a"
    assert units.map(square, parameters, lane=lane) == [9, 1, 4, 25]


def test_no_units_no_results():
    assert units.map(square, []) == []


def test_a_unit_that_fails_is_named_after_the_others_were_done():
    with pytest.raises(units.FailedUnitsError) as failed:
        units.map(square, work(1, -2, 3, -4))
    assert str(failed.value).splitlines() == [
        "han fallado 2 de 4 unidades",
        "  square(number=-2): ValueError: negativo: -2",
        "  square(number=-4): ValueError: negativo: -4",
    ]
    assert failed.value.__cause__.args == ("negativo: -2",)


def test_units_that_all_fail_alike_raise_the_error_itself():
    with pytest.raises(ValueError, match=r"^negativo: -1$"):
        units.map(square, work(-1, -1))


def test_of_many_failures_the_first_are_named():
    with pytest.raises(units.FailedUnitsError) as failed:
        units.map(square, work(1, *range(-30, 0)))
    assert str(failed.value).count("\n") == units.SAID + 1
    assert str(failed.value).endswith("  … y 20 más")


def test_units_of_a_lane_follow_each_other_and_lanes_run_side_by_side():
    together = threading.Barrier(2)
    busy = set()

    def unit(lane, number):
        assert lane not in busy
        busy.add(lane)
        together.wait(timeout=10)  # breaks if no other lane is being done
        busy.discard(lane)
        return threading.get_ident()

    parameters = [{"lane": lane, "number": number} for lane in "ab" for number in range(3)]
    assert len(units.map(unit, parameters, lane=("lane",))) == 6


def test_what_units_share_is_made_once_and_the_last_ones_are_kept():
    made = []

    @units.kept
    def make(name, size=1):
        made.append(name)
        return [name]

    assert make("a") is make("a") and make("a", size=2) is not make("a")
    for name in "bcdab":
        make(name)
    assert made == [*"aabcdab"]  # two threads: three are kept
    units.forget()
    make("b")
    assert made[-2:] == ["b", "b"]


def test_units_of_a_lane_share_and_nothing_stays():
    made = []

    @units.kept
    def make(name):
        made.append(name)
        return name

    def unit(name, number):
        return make(name) * number

    parameters = [{"name": name, "number": number} for name in "abcd" for number in (1, 2)]
    assert units.map(unit, parameters, lane=("name",)) == [
        text for name in "abcd" for text in (name, 2 * name)
    ]
    assert sorted(made) == [*"abcd"]
    assert not make.made


def test_what_lies_elsewhere_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_STORE", str(tmp_path))
    assert store.name_of(square) is None
    assert units.map(square, work(2)) == [4]
    assert not list(tmp_path.iterdir())


def test_side_by_side_two_advance_at_once_and_no_more():
    together = threading.Barrier(2)
    busy, most = set(), []

    def series(name):
        for number in range(3):
            busy.add(name)
            together.wait(timeout=10)  # breaks, and fails the test, if nobody else is there
            most.append(len(busy))
            busy.discard(name)
            yield name, number

    found = list(units.side_by_side(map(series, "abcd"), 2))
    # Stable: of each name, its numbers in the order in which they came.
    assert sorted(found, key=lambda pair: pair[0]) == [(n, k) for n in "abcd" for k in range(3)]
    assert max(most) <= 2


def test_side_by_side_an_error_and_a_listener_that_leaves_end_all():
    def fails():
        yield 0
        raise ZeroDivisionError

    def endless():
        while True:
            yield 1

    with pytest.raises(ZeroDivisionError):
        list(units.side_by_side([fails(), endless()], 2))
    networks = units.side_by_side([endless(), endless()], 2)
    next(networks)
    networks.close()
    assert not any(thread.name.startswith("ThreadPool") for thread in threading.enumerate())


def test_side_by_side_of_nothing():
    assert list(units.side_by_side([], 2)) == []


def test_a_product_has_each_combination_and_what_all_share():
    along = {"activation": ("tanh", "relu"), "seed": range(2)}
    assert units.product(along, depth=3) == [
        {"activation": "tanh", "seed": 0, "depth": 3},
        {"activation": "tanh", "seed": 1, "depth": 3},
        {"activation": "relu", "seed": 0, "depth": 3},
        {"activation": "relu", "seed": 1, "depth": 3},
    ]


def test_a_command_in_a_queue_says_each_minute_in_its_language_how_far_it_is(monkeypatch, capsys):
    monkeypatch.setattr(units, "MINUTE", -1)
    monkeypatch.setattr(units.settings, "run", units.here)
    monkeypatch.setattr(units.settings, "say", str.upper)
    units.map(square, work(1, 2), "probando")
    said = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in said] == ["PROBANDO: 1 DE 2", "PROBANDO: 2 DE 2"]
