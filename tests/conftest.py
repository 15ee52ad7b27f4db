"""Fixtures of every test: databases, sessions, settings and the application.

`session` leaves nothing behind; `committed_database` is for tests that commit or use threads.
Both run on PostgreSQL and on SQLite. What a test needs in them comes from `factories`.
"""

import gc
import logging
import sys
import threading
from collections.abc import Callable, Generator, Iterator

import hypothesis
import pytest
import structlog
import webtest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import ocpizza
from databases import BACKENDS, MIGRATIONS, Databases
from factories import NOON, Pizzeria, make_pizzeria
from ocpizza.domain import passwords
from ocpizza.operations.check import check, check_database
from ocpizza.operations.demo_data import load_demo_data
from ocpizza.settings import Settings, load_settings
from payments.till import stripe_server
from views.website import application, chains

# One of each for all folders: they take seconds to make.
__all__ = ["application", "chains", "stripe_server"]

hypothesis.settings.register_profile(
    "ocpizza",
    deadline=None,
    max_examples=60,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("ocpizza")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests stay to the end: the garbage collector need not look at them each time."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 50, 100)
    return collected


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """What a test has of the log written, or not, is nobody else's."""
    root, hooks = logging.root, (sys.excepthook, threading.excepthook)
    configured, handlers, level = structlog.get_config(), list(root.handlers), root.level
    yield
    structlog.configure(**configured)
    root.handlers[:], root.level = [own for own in root.handlers if own in handlers], level
    sys.excepthook, threading.excepthook = hooks


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[dict[str, object]]:
    """A hash takes a third of a second on purpose, of all processors: tests make hundreds.

    Gives what the shop has in its place.
    """
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        costly = {name: getattr(passwords, name) for name in ("_hasher", "_NOBODY")}
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody"))
        yield costly


@pytest.fixture
def costly_hashes(_quick_hashes, monkeypatch) -> None:
    """The shop's own hashes, for tests in which it matters what they cost."""
    for name, costly in _quick_hashes.items():
        monkeypatch.setattr(passwords, name, costly)


@pytest.fixture(scope="session")
def databases(tmp_path_factory) -> Iterator[Databases]:
    """Where databases come from."""
    databases = Databases(tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


@pytest.fixture(params=BACKENDS)
def backend(request) -> str:
    """The kind of database; parametrise it again to run on one only."""
    return request.param


@pytest.fixture
def database(backend: str, databases: Databases) -> Engine:
    """A migrated database that all tests share: nothing may be committed to it."""
    return databases.shared(backend)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints of a transaction that is rolled back."""
    with database.connect() as connection:
        doomed = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        doomed.rollback()


@pytest.fixture
def committed_database(backend: str, databases: Databases) -> Iterator[Engine]:
    """A migrated, empty database for one test alone, with 40 connections for its threads."""
    with databases.private(backend) as engine:
        yield engine


@pytest.fixture
def empty_database(backend: str, databases: Databases) -> Iterator[Engine]:
    """A database without any table, for one test alone."""
    with databases.private(backend, migrated=False) as engine:
        yield engine


@pytest.fixture
def pizzeria(session: Session) -> Pizzeria:
    """The pizzeria of `factories`, in `session`."""
    return make_pizzeria(session)


@pytest.fixture
def demo_database(committed_database: Engine) -> Engine:
    """`committed_database` with the whole demo chain in it."""
    with Session(committed_database) as session, session.begin():
        load_demo_data(session, NOON)
    return committed_database


@pytest.fixture
def add_up() -> Callable[[Session | Engine], None]:
    """Asserts that everything in a session or a database adds up (`ocpizza check`)."""

    def assert_it_adds_up(where: Session | Engine) -> None:
        if isinstance(where, Session):
            where.flush()
            assert check(where) == []
            return
        assert list(check_database(where)) == []

    return assert_it_adds_up


@pytest.fixture
def settings(tmp_path, committed_database: Engine) -> Settings:
    """Settings of an application on `committed_database`, as `ocpizza.main` wants them."""
    ini = tmp_path / "ocpizza.ini"
    url = committed_database.url.render_as_string(hide_password=False).replace("%", "%%")
    ini.write_text(
        f"[database]\nurl = {url}\nmigrations = {MIGRATIONS}\n"
        "[session]\nsecret_file = session.key\n",
        encoding="utf-8",
    )
    return load_settings(ini, environment={})


@pytest.fixture
def app(settings: Settings) -> Iterator[webtest.TestApp]:
    """A browser on the application; its posts come from our own pages."""
    application = ocpizza.main(settings)
    yield webtest.TestApp(application, extra_environ={"HTTP_SEC_FETCH_SITE": "same-origin"})
    application.registry["engines"]["write"].dispose()
