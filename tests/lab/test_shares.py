"""Which unit each worker does next: it keeps to what it has made, and helps where that pays."""

import pytest

from lab import units, workers


def unit(lane, number):
    return units.Unit(10 * lane + number, max, {})


def lanes(*lengths):
    return [[unit(n, number) for number in range(length)] for n, length in enumerate(lengths)]


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(workers.time, "monotonic", lambda: now[0])
    return now


def do(shares, clock, worker, seconds):
    """Have a worker do one unit, which takes so long; return its place."""
    found = shares.next(worker)
    clock[0] += seconds
    shares.done(worker)
    return found.place


def test_each_worker_keeps_to_a_lane_and_begins_with_the_last(clock):
    shares = workers.Shares(lanes(2, 2, 2))
    places = [(do(shares, clock, 0, 1), do(shares, clock, 1, 1)) for _ in range(2)]
    assert places == [(20, 10), (21, 11)]
    assert do(shares, clock, 0, 1) == 0


def test_all_begin_with_a_lane_that_is_alone():
    shares = workers.Shares(lanes(3))
    assert [shares.next(worker).place for worker in range(3)] == [0, 1, 2]
    assert shares.next(3) is None


@pytest.mark.parametrize(("left", "helps"), [(6, True), (4, False), (0, False)])
def test_who_has_nothing_left_helps_if_to_begin_takes_less_than_what_is_left(clock, left, helps):
    shares = workers.Shares(lanes(1, left + 2))
    do(shares, clock, 0, 5)  # what the lane shares is made
    do(shares, clock, 0, 1)
    do(shares, clock, 1, 1)
    assert (shares.next(1) is not None) == helps


def test_it_helps_where_most_is_left(clock):
    shares = workers.Shares(lanes(1, 5, 9))
    for worker in (0, 1, 2):
        do(shares, clock, worker, 1)
    assert shares.next(2).place == 21


def test_what_a_worker_has_not_done_comes_again_before_the_rest_of_its_lane():
    shares = workers.Shares(lanes(3))
    first = shares.next(0)
    shares.give_back(0, first)
    assert [shares.next(0).place for _ in range(3)] == [0, 1, 2]
