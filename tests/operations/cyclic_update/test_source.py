"""The production database: read, never written to, not our own; what goes wrong with it."""

import re
import socket
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from databases import MIGRATIONS, Databases
from factories import make_promotion, order_of, the_pizzeria
from ocpizza import hurry
from ocpizza.operations.cyclic_update import source as sources
from ocpizza.operations.migrate import head_revision
from ocpizza.services.refresh import content as contents
from operations.backup.saved_shop import rows_of
from services.refresh.chains import (
    ELSEWHERE,
    HERE,
    Chains,
    open_chain,
    product,
    restaurant,
    size,
)

MANUAL = Path(__file__).parents[3] / "docs/exploitation.md"
PASSWORD = "s3cr3t-of-production"


@pytest.fixture
def chains(committed_database, backend, databases):
    with databases.private(backend) as source:
        open_chain(source)
        open_chain(committed_database)
        yield Chains(source, committed_database)


@pytest.fixture
def bring(chains, run):
    """Runs it with the source; gives what each part said, by name."""

    def bring(code: str | None = None, source: str | None = None) -> dict[str, str]:
        url = source or url_of(chains.source)
        parts = run(code, **{"cyclic_update.source": url})
        return {part.name: str(part).partition(": ")[2] for part in parts}

    return bring


@pytest.fixture
def impatient(chains):
    """Waits for no lock for long; the engine serves other tests later."""

    def set_timeout(connection, _record):
        connection.execute("SET lock_timeout = '100ms'")
        connection.commit()

    event.listen(chains.engine, "connect", set_timeout)
    chains.engine.dispose()
    yield
    event.remove(chains.engine, "connect", set_timeout)


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def rename(session: Session) -> None:
    product(session, "regina").name = "Reine"


def of_source(said: dict[str, str]) -> dict[str, str]:
    return {name: words for name, words in said.items() if name in ("source", HERE, ELSEWHERE)}


def test_content_is_brought_once_and_the_source_is_not_touched(chains, bring, notes):
    chains.there(rename)
    chains.there(lambda session: order_of(session, the_pizzeria(session)))
    before = rows_of(chains.source)
    assert of_source(bring()) == {
        "source": "read, restaurants 2",
        HERE: "products 1",
        ELSEWHERE: "nothing changed",
    }
    assert of_source(bring())[HERE] == "nothing changed"
    assert rows_of(chains.source) == before
    assert [note.changes for note in notes()] == [{HERE: {"products": 1}}, {}]
    with Session(chains.engine) as session:
        assert product(session, "regina").name == "Reine"


def test_a_restaurant_with_a_period_of_its_own_is_left_to_it(chains, bring, own_timers):
    (own_timers / f"ocpizza-cyclic-update@{HERE}.timer").touch()
    chains.there(rename)
    said = bring()
    assert said[HERE] == "has a period of its own: left to its timer"
    assert said[ELSEWHERE] == "products 1"
    chains.there(lambda session: setattr(size(session, "cola", "unique"), "price_cents", 300))
    assert bring(HERE) == {
        "price changes": "nothing changed",
        "source": "read, restaurants 2",
        HERE: "products 1",
    }


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_restaurants_of_one_database_alone_are_left_alone(chains, bring):
    chains.here(lambda session: setattr(restaurant(session, ELSEWHERE), "code", "city_098"))
    said = bring()
    assert said["city_098"] == "not at the source: left alone"
    assert said[ELSEWHERE] == "not here: left alone"
    assert bring("city_098")["source"] == "does not know « city_098 »"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_one_restaurant_that_fails_is_undone_alone_and_named(chains, bring, notes):
    """Production lost a constraint: what it says of one restaurant cannot be true."""

    def promise(session):
        session.execute(text("ALTER TABLE promotion DROP CONSTRAINT ck_promotion_percent_range"))
        here = restaurant(session, HERE)
        make_promotion(session, "TROP", at=[here], percent=500)
        make_promotion(session, "BIEN", at=[here])
        make_promotion(session, "LA", at=[restaurant(session, ELSEWHERE)])
        rename(session)

    chains.there(promise)
    said = bring()
    assert said[HERE].startswith("the database answers: ")
    assert "ck_promotion_percent_range" in said[HERE]
    assert said[ELSEWHERE] == "products 1; promotions 1"
    (note,) = notes()
    assert not note.succeeded
    assert note.error.startswith(f"{HERE}: ")
    with chains.engine.connect() as connection:
        assert connection.scalars(text("SELECT code FROM promotion")).all() == ["LA"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_one_whose_rows_are_held_too_long_is_undone_alone_and_named(chains, bring, impatient):
    at = chains.here(lambda session: make_promotion(session, "ICI", at=[restaurant(session, HERE)]))
    with chains.engine.connect() as holder:
        statement = text("SELECT 1 FROM promotion WHERE id = :id FOR UPDATE")
        holder.execute(statement, {"id": at.id})
        chains.there(rename)
        said = bring()
        holder.rollback()
    assert "lock timeout" in said[HERE]
    assert said[ELSEWHERE] == "products 1"
    assert bring()[HERE] == "promotions 1"


def test_our_own_database_is_no_source(chains, bring, tmp_path):
    """However it is written: by another path, another user or another host."""
    own = url_of(chains.engine)
    if chains.engine.dialect.name == "sqlite":
        (tmp_path / "link.sqlite").symlink_to(chains.engine.url.database)
        other = f"sqlite:///{tmp_path}/link.sqlite"
    else:
        other = own.replace("postgres@", "postgres:anything@") + "&application_name=another"
    for url in (own, other):
        said = bring(source=url)
        assert said["source"] == "cyclic_update.source is this very database; it must be another"
        assert HERE not in said


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_standby_of_our_own_is_no_source_and_a_copy_of_our_machine_is_one(
    chains, bring, monkeypatch
):
    """Both have its numbers and names, and of its locks a standby knows nothing."""
    for follows, own in ((True, True), (False, False)):
        monkeypatch.setattr(sources, "_identity", lambda _, f=follows: (7, "ocpizza", f))
        said = bring()
        assert said["source"].startswith("cyclic_update.source is this very") == own


@pytest.mark.parametrize(("backend", "url"), [
    ("postgresql", f"postgresql+psycopg://reader:{PASSWORD}@127.0.0.1:1/ocpizza"),
    ("postgresql", f"postgresql+psycopg://reader:{PASSWORD}@/nothing?host=/nowhere"),
    ("sqlite", "sqlite:////nowhere/ocpizza.sqlite"),
], indirect=["backend"])  # fmt: skip
def test_a_source_that_cannot_be_reached_costs_the_local_work_nothing(
    chains, bring, notes, url, capfd
):
    said = bring(source=url)
    assert said["source"].startswith("cannot be read: ")
    assert said["forgetting"] == "nothing changed"
    (note,) = notes()
    assert not note.succeeded
    assert PASSWORD not in f"{said} {note.error} {capfd.readouterr()}"
    if "sqlite" in url:
        assert not Path("/nowhere").exists()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_source_that_takes_too_long_is_given_up(chains, bring, monkeypatch):
    options = sources.OPTIONS.replace("lock_timeout=10s", "lock_timeout=100ms")
    monkeypatch.setattr(sources, "OPTIONS", options)
    with chains.source.connect() as holder:
        holder.execute(text("LOCK TABLE product_extra"))
        said = bring()
        holder.rollback()
    assert "lock timeout" in said["source"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_whoever_may_read_what_the_manual_grants_and_nothing_else_is_enough(
    chains, bring, databases: Databases
):
    grants = re.search(r"^GRANT SELECT ON .*?;$", MANUAL.read_text(), re.M | re.S)[0]
    databases.cluster.run("CREATE ROLE lecture LOGIN")
    try:
        with chains.source.begin() as connection:
            connection.execute(text(grants))
        chains.there(rename)
        chains.there(lambda session: make_promotion(session, at=[restaurant(session, HERE)]))
        said = bring(source=url_of(chains.source).replace("postgres@", "lecture@"))
        assert said[HERE] == "products 1; promotions 1"
        with chains.source.begin() as connection:
            connection.execute(text("DROP OWNED BY lecture"))
    finally:
        databases.cluster.run("DROP ROLE lecture")


@contextmanager
def silent_server():
    """Somebody who takes what is said and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = []

        def take() -> None:
            try:
                while True:
                    taken.append(server.accept())
            except OSError:
                return

        thread = Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(60)
        for connection, _ in taken:
            connection.close()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_source_that_is_silent_is_given_up(chains, bring, monkeypatch):
    monkeypatch.setitem(sources.ARGUMENTS, "connect_timeout", 2)
    with silent_server() as port:
        said = bring(source=f"postgresql+psycopg://reader:{PASSWORD}@127.0.0.1:{port}/ocpizza")
    assert "timeout" in said["source"]
    assert PASSWORD not in str(said)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_server_that_falls_silent_in_the_middle_is_given_up(chains, bring, monkeypatch):
    monkeypatch.setattr(hurry.PatientConnection, "patience", 0.5)
    ingredients = contents._ingredients

    def doze(session):
        found = ingredients(session)
        session.execute(text("SELECT pg_sleep(20)"))
        return found

    monkeypatch.setattr(contents, "_ingredients", doze)
    assert "no answer within" in bring()["source"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_source_that_is_cut_in_the_middle_changes_nothing(
    chains, bring, monkeypatch, databases: Databases
):
    chains.there(rename)
    products = contents._products

    def cut(session):
        found = products(session)
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        databases.cluster.run(f"SELECT pg_terminate_backend({pid})")
        return found

    monkeypatch.setattr(contents, "_products", cut)
    before = rows_of(chains.engine)
    said = bring()
    assert said["source"].startswith("cannot be read: ")
    assert HERE not in said
    assert {**rows_of(chains.engine), "job_run": []} == before
    monkeypatch.undo()
    assert bring()[HERE] == "products 1"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_schema_that_this_version_cannot_read_is_refused(chains, bring):
    """An older one, a newer one, one that still serves us, and none at all."""
    with chains.source.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    needed = head_revision(MIGRATIONS)
    refused = f"has schema 0009, this version needs {needed}: bring both to the same version"
    assert bring()["source"] == refused
    with chains.source.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        connection.execute(text("ALTER TABLE product ADD COLUMN of_tomorrow TEXT"))
    assert bring()["source"].startswith("has schema 0999, ")
    with chains.source.begin() as connection:
        connection.execute(text("INSERT INTO schema_served VALUES ('0999')"))
    chains.there(rename)
    assert bring()[HERE] == "products 1"
    with chains.source.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert bring()["source"] == "is no database of the shop"
    with chains.source.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert bring()["source"] == "is no database of the shop"


def test_what_is_read_is_of_one_moment(chains, bring, monkeypatch):
    """Whoever changes production meanwhile is seen whole or not at all."""
    ingredients = contents._ingredients

    def change_meanwhile(session):
        found = ingredients(session)
        chains.there(rename)
        return found

    monkeypatch.setattr(contents, "_ingredients", change_meanwhile)
    assert bring()[HERE] == "nothing changed"
    monkeypatch.undo()
    assert bring()[HERE] == "products 1"
