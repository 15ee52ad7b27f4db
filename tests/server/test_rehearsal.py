"""A process has read what its first visitors come for; whatever is wrong keeps it from nothing."""

from collections import OrderedDict

import pytest
import structlog

from databases import counted_statements
from ocpizza.db import make_engine
from ocpizza.rehearsal import rehearse
from ocpizza.services.catalogue import cache

# By name the first restaurant of the demo chain.
PAGES = ("/", "/pizzeria/lille-centre")


@pytest.fixture
def said():
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_a_first_visitor_asks_for_nothing_that_the_second_does_not(app, demo_database, monkeypatch):
    monkeypatch.setattr(cache, "_cache", OrderedDict())
    engines = app.app.registry["engines"]
    rehearse(engines)

    def asked(path: str) -> list[str]:
        with counted_statements(engines["write"]) as statements:
            app.get(path, headers={"Host": "127.0.0.1:6543"}, status=200)
        return statements

    assert [asked(path) for path in PAGES] == [asked(path) for path in PAGES]


def test_a_chain_without_a_restaurant_is_no_hindrance(committed_database, said):
    rehearse({"read": committed_database})
    assert said == []


def test_a_database_that_is_down_is_told_of_to_those_who_ask_for_a_page(said):
    rehearse({"read": make_engine("postgresql+psycopg://127.0.0.1:1/nothing", hurried=True)})
    assert said == []


def test_anything_else_that_is_wrong_is_told_of_and_no_hindrance(empty_database, said):
    rehearse({"read": empty_database})
    assert [line["event"] for line in said] == ["nothing was read before the first visitor"]
