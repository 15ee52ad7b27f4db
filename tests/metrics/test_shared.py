"""Seats where processes count: what stands in the way of one costs figures, never the site."""

import errno
import os

import pytest
from prometheus_client import CollectorRegistry, generate_latest, values
from structlog.testing import capture_logs

from metrics.reading import samples
from ocpizza.metrics import shared
from ocpizza.metrics.figures import Figures
from ocpizza.metrics.orders import expect
from ocpizza.metrics.shared import SIZES, Seats, counted
from ocpizza.routes import ROUTES


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """Whoever sits down does so for good."""
    monkeypatch.setattr(values, "ValueClass", values.MutexValue)
    monkeypatch.setenv(shared.VARIABLE, "")
    monkeypatch.delenv(shared.VARIABLE)


@pytest.fixture
def seats(tmp_path) -> Seats:
    return Seats(tmp_path / "metrics")


def text_of(figures: Figures) -> str:
    registry = CollectorRegistry()
    registry.register(counted(figures))
    return generate_latest(registry).decode()


def refused(figures: Figures) -> dict[tuple[str, ...], float]:
    return samples(text_of(figures), "ocpizza_orders_refused_total")


def count_at(seats: Seats, seat: int | None) -> Figures:
    """Be a process at this seat that counts one refusal."""
    seats.sit(seat)
    figures = Figures()
    figures.refusals.labels("out_of_stock").inc()
    return figures


def test_the_first_place_that_is_free_is_taken_and_counted_on_at(seats):
    assert seats.take(set()) == 0
    count_at(seats, 0)
    assert seats.take({0}) == 1
    count_at(seats, 1)
    # The first one died.
    seats.leave(0)
    assert seats.take({1}) == 0
    assert refused(count_at(seats, 0)) == {("out_of_stock",): 3}


def test_what_is_true_of_the_living_only_goes_with_them(seats):
    figures = count_at(seats, seats.take(set()))
    figures.connections.labels("in_use").set(3)
    assert samples(text_of(figures), "ocpizza_pool_connections") == {("in_use",): 3}
    seats.leave(0)
    assert samples(text_of(figures), "ocpizza_pool_connections") == {}
    assert refused(figures) == {("out_of_stock",): 1}
    # Nor does whoever comes after find it, be it that nobody noticed the death.
    figures.connections.labels("in_use").set(3)
    seats.take(set())
    assert samples(text_of(figures), "ocpizza_pool_connections") == {}


def test_there_is_room_for_every_figure_of_every_page(seats, tmp_path):
    """A file that has to grow on a full disk would kill the process that writes to it."""
    figures = count_at(seats, seats.take(set()))
    for route, *_ in ROUTES:
        figures.seconds.labels(route).observe(0.1)
        for method, status in ((m, s) for m in ("read", "write") for s in (200, 303, 404, 422)):
            figures.requests.labels(route, method, status).inc()
    expect(figures, [f"city_{number:03}" for number in range(30)])
    figures.connections.labels("in_use").set(1)
    figures.connections.labels("allowed").set(1)
    for kind, size in SIZES.items():
        assert (tmp_path / f"metrics/{kind}_0.db").stat().st_size == size, kind


def test_no_room_costs_figures_and_no_process(seats, tmp_path):
    (tmp_path / "metrics").touch()
    with capture_logs() as said:
        assert seats.take(set()) is None
    assert [line["event"] for line in said] == ["figures are not complete"]
    # It counts for itself.
    assert refused(count_at(seats, None)) == {("out_of_stock",): 1}


def test_a_full_disk_is_noticed_before_anything_is_counted_on_it(seats, monkeypatch):
    def full(*_) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    assert seats.take(set()) is None


def test_figures_that_a_death_left_damaged_begin_anew(seats, tmp_path):
    count_at(seats, seats.take(set()))
    with (tmp_path / "metrics/counter_0.db").open("r+b") as file:
        file.seek(8)
        file.write(b"\xff\xff\xff\x7f")
    assert refused(count_at(seats, seats.take(set()))) == {("out_of_stock",): 1}


def test_a_site_that_starts_begins_at_nothing(seats):
    count_at(seats, seats.take(set()))
    seats.empty()
    assert refused(count_at(seats, seats.take(set()))) == {("out_of_stock",): 1}
