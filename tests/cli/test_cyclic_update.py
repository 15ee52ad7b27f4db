"""`ocpizza cyclic-update`, as a timer or somebody runs it."""

import pytest
from sqlalchemy.orm import Session

from commands import complaint, run
from factories import make_pizzeria
from ocpizza.operations.cyclic_update import local_work


@pytest.fixture
def shop(committed_database):
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
    return committed_database


def test_each_part_is_a_line(shop, config):
    done = run(config, "cyclic-update")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "price changes …",
        "unconfirmed orders …",
        "payments …",
        "closed days …",
        "forgetting …",
        "price changes: nothing changed",
        "unconfirmed orders: nothing changed",
        "payments: nothing changed",
        "closed days: nothing changed",
        "forgetting: nothing changed",
        "nothing changed",
    ]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_part_that_failed_is_one_line_and_the_exit_status(shop, config, monkeypatch):
    def fail(*_):
        raise local_work.PartFailed("it rained")

    monkeypatch.setattr(local_work, "change_prices", fail)
    failed = run(config, "cyclic-update")
    assert complaint(failed) == "Error: price changes: it rained"
    assert "payments: nothing changed" in failed.stdout


def test_a_restaurant_is_named_by_its_code(shop, config):
    assert run(config, "cyclic-update", "city_001").stdout.splitlines() == [
        "price changes …",
        "price changes: nothing changed",
        "nothing changed",
    ]
    line = complaint(run(config, "cyclic-update", "paris"))
    assert line == "Error: no restaurant has the code « paris »"
