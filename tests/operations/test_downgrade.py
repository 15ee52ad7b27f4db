"""An older version takes over only a database that it knows."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from databases import MIGRATIONS
from ocpizza.operations import downgrade
from ocpizza.operations.downgrade import NoWayBack, accept_downgrade
from ocpizza.operations.migrate import head_revision, migrate

NEXT = 'revision = "next"\ndown_revision = "{}"\ndef upgrade(): pass\ndef downgrade(): pass\n'


@pytest.fixture
def newer(tmp_path) -> Path:
    """The migrations of a version with one more."""
    folder = shutil.copytree(MIGRATIONS, tmp_path / "alembic")
    (folder / "versions" / "next.py").write_text(NEXT.format(head_revision(MIGRATIONS)))
    return folder


def url_of(engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_a_database_of_that_version_is_accepted(committed_database, newer):
    accept_downgrade(url_of(committed_database), newer, head_revision(MIGRATIONS))


def test_a_newer_database_is_refused_with_what_to_do(committed_database, newer):
    migrate(committed_database, newer)
    with pytest.raises(NoWayBack, match=r"at revision next.*restore a backup.*or keep this"):
        accept_downgrade(url_of(committed_database), newer, head_revision(MIGRATIONS))
    accept_downgrade(url_of(committed_database), newer, "next")


def test_an_older_database_is_accepted(committed_database, newer):
    accept_downgrade(url_of(committed_database), newer, "next")


def test_a_revision_that_nobody_knows_is_refused_unless_it_is_the_databases(
    committed_database, newer
):
    with pytest.raises(NoWayBack):
        accept_downgrade(url_of(committed_database), newer, "unheard-of")
    with committed_database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'unheard-of'"))
    accept_downgrade(url_of(committed_database), newer, "unheard-of")


def test_an_empty_database_is_accepted(empty_database, newer):
    accept_downgrade(url_of(empty_database), newer, "0000")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_database_that_was_never_made_is_accepted(empty_database, newer):
    url = empty_database.url.set(database="no_such_database")
    accept_downgrade(url.render_as_string(hide_password=False), newer, "0000")


NOWHERE = "postgresql+psycopg:///shop?host=/run/no-such-postgresql"


def test_a_database_that_does_not_answer_is_refused(newer, monkeypatch):
    monkeypatch.setattr(downgrade, "server_installed", lambda: True)
    with pytest.raises(NoWayBack, match=r"does not answer.*start it and try again"):
        accept_downgrade(NOWHERE, newer, "0001")
    with pytest.raises(NoWayBack, match="does not answer"):
        accept_downgrade("postgresql+psycopg://shop:s3cret@127.0.0.1:1/shop", newer, "0001")


def test_where_there_is_no_postgresql_there_is_no_database_to_lose(newer, monkeypatch):
    monkeypatch.setattr(downgrade, "server_installed", lambda: False)
    accept_downgrade(NOWHERE, newer, "0001")
