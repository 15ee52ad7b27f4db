"""What load balancers and watchdogs are told: plain words, no session, no page around them."""

import pytest
import webtest
from sqlalchemy import text

import ocpizza
from databases import BACKENDS, MIGRATIONS
from ocpizza.db import make_engine, read_only
from ocpizza.operations.migrate import head_revision, migrate
from schema import later_migrations

PATHS = ["/health/live", "/health/ready"]


@pytest.fixture(params=BACKENDS)
def backend(request) -> str:
    return request.param


@pytest.mark.parametrize("path", PATHS)
def test_all_is_well(browser, path):
    answer = browser.get(path, status=200)
    assert answer.text == "ok\n"
    assert answer.content_type == "text/plain"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_process_without_database_lives_and_is_not_ready(website, browser, tmp_path):
    engines = website.application.registry["engines"]
    engine = make_engine(f"sqlite:///{tmp_path}/nowhere/at/all.sqlite")
    website.application.registry["engines"] = {"write": engine, "read": read_only(engine)}
    try:
        browser.get("/health/live", status=200)
        answer = browser.get("/health/ready", status=503)
    finally:
        website.application.registry["engines"] = engines
    assert answer.text == "the database does not answer, or was never migrated\n"


@pytest.mark.parametrize("found", ["0000", "later"])
def test_another_schema_is_not_ready(website, browser, found):
    needed = website.application.registry["schema_needed"]
    with website.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": found})
    answer = browser.get("/health/ready", status=503)
    assert answer.text == f"the database is at schema {found}, not {needed}\n"


@pytest.mark.parametrize(("left_behind", "status"), [(None, 200), (head_revision(MIGRATIONS), 503)])
def test_while_other_hosts_are_upgraded_this_one_goes_on_unless_it_would_miss_something(
    website, browser, tmp_path, left_behind, status
):
    migrate(website.engine, later_migrations(tmp_path / "later", left_behind))
    browser.get("/health/ready", status=status)


def test_a_database_that_was_never_migrated_is_not_ready(settings, empty_database):
    url = empty_database.url.render_as_string(hide_password=False)
    application = ocpizza.main(settings | {"database.url": url})
    answer = webtest.TestApp(application).get("/health/ready", status=503)
    application.registry["engines"]["write"].dispose()
    assert "never migrated" in answer.text


def test_they_are_cheap(website, browser):
    with website.counted() as seen:
        browser.get("/health/live")
        assert seen == []
        browser.get("/health/ready")
        assert len(seen) == 1
