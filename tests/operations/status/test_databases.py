"""A database that is gone, hangs, is only read, full or of another schema, each really made."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from databases import MIGRATIONS
from ocpizza.operations.migrate import head_revision
from ocpizza.operations.status.asking import ELSEWHERE, FILE, GONE, HERE, LOST
from ocpizza.operations.status.databases import MENDING, READ_ONLY, database, migrations
from ocpizza.operations.status.outbox import mail
from ocpizza.operations.status.row import Row
from ocpizza.operations.status.stuck_payments import payments
from operations.status.conftest import fill

on_postgresql = pytest.mark.parametrize("backend", ["postgresql"])
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"])
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
LOOKS = (database, migrations, mail, payments)


def test_one_that_answers_is_well(settings, committed_database):
    row = database(settings)
    assert row.well
    assert row.says.startswith(committed_database.dialect.name)
    assert migrations(settings) == Row(
        "migrations", True, f"schema {head_revision(settings['database.migrations'])}"
    )


def test_looking_leaves_nothing_behind(settings, committed_database):
    for _ in range(2):
        assert database(settings).well
    if committed_database.dialect.name == "postgresql":
        with committed_database.connect() as connection:
            probes = "SELECT count(*) FROM pg_class WHERE relname = 'ocpizza_status'"
            assert connection.scalar(text(probes)) == 0


@pytest.mark.parametrize(
    ("found", "do"), [(None, LOST), ("0001", "sudo ocpizza deploy"), ("9999", "sudo apt upgrade")]
)
def test_a_schema_that_is_behind_or_ahead_is_not_well(settings, committed_database, found, do):
    with committed_database.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("DELETE FROM schema_served"))
        if found:
            connection.execute(text(f"INSERT INTO alembic_version VALUES ('{found}')"))
    needed = head_revision(MIGRATIONS)
    says = f"schema {found}, needed: {needed}: {do}"
    assert migrations(settings) == Row("migrations", False, says)


@pytest.mark.parametrize("look", [mail, payments])
def test_who_lost_a_table_is_sent_to_a_backup_before_anything_is_made_in_its_place(
    settings, committed_database, look
):
    with committed_database.begin() as connection:
        for table in ("outgoing_mail", "payment"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_lost"))
    try:
        row = look(settings)
        assert not row.well
        assert row.says.endswith(f": {LOST}")
    finally:
        with committed_database.begin() as connection:
            for table in ("outgoing_mail", "payment"):
                connection.execute(text(f"ALTER TABLE {table}_lost RENAME TO {table}"))


@on_sqlite
def test_migrations_that_are_missing_are_told(settings, tmp_path):
    row = migrations(settings | {"database.migrations": tmp_path})
    assert not row.well
    assert row.says.endswith(": sudo apt install --reinstall ocpizza")


@on_sqlite
@pytest.mark.parametrize("look", LOOKS)
def test_one_that_does_not_answer_is_not_well_and_no_secret(settings, look):
    settings["database.url"] = "postgresql+psycopg://shop:s3cret@127.0.0.1:1/shop"
    row = look(settings)
    assert not row.well
    assert "Connection refused" in row.says
    assert row.says.endswith(f": {ELSEWHERE}")
    assert "s3cret" not in row.says


@on_sqlite
@pytest.mark.parametrize("look", LOOKS)
def test_one_of_this_machine_that_is_gone_is_to_be_started(settings, look, tmp_path):
    settings["database.url"] = f"postgresql+psycopg:///ocpizza?host={tmp_path}"
    row = look(settings)
    assert not row.well
    assert row.says.endswith(f": {HERE}")


@on_sqlite
@pytest.mark.parametrize("look", LOOKS)
def test_a_file_that_is_gone_is_told_and_not_made_anew(settings, committed_database, look):
    file = Path(committed_database.url.database)
    file.unlink()
    assert look(settings).says == f"{file} is gone: {GONE}"
    assert not file.exists()


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of one that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@on_sqlite
def test_one_that_hangs_is_given_up(settings, silent_server):
    address = f"127.0.0.1:{silent_server}/shop?connect_timeout=2"
    row = database(settings | {"database.url": f"postgresql+psycopg://shop@{address}"})
    assert not row.well
    assert "timeout" in row.says
    assert row.says.endswith(f": {ELSEWHERE}")


@on_postgresql
def test_one_that_is_only_read_is_not_well(settings, committed_database, databases):
    name = committed_database.url.database
    databases.cluster.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    row = database(settings)
    databases.cluster.run(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert not row.well
    assert "takes nothing new: cannot execute CREATE TABLE AS in a read-only tr" in row.says
    assert row.says.endswith(f": {MENDING[READ_ONLY]}")
    assert database(settings).well


@on_postgresql
@only_root
def test_one_whose_disk_is_full_is_not_well(settings, databases, disk):
    """Its disk alone: the server goes on, and so does its log."""
    cluster = databases.cluster
    with disk("full", size="40m", below=cluster.folder) as folder:
        own = folder / "own"
        own.mkdir()
        shutil.chown(own, cluster.folder.owner())
        cluster.run(f"CREATE TABLESPACE narrow LOCATION '{own}'")
        try:
            cluster.run("CREATE DATABASE narrow TEMPLATE template0 TABLESPACE narrow")
            url = cluster.url("narrow")
            assert database(settings | {"database.url": url}).well
            fill(folder)
            row = database(settings | {"database.url": url})
        finally:
            cluster.run("DROP DATABASE IF EXISTS narrow")
            cluster.run("DROP TABLESPACE narrow")
    assert not row.well
    assert "No space left on device" in row.says
    assert row.says.endswith(f": {MENDING['53100']}")


@on_sqlite
@only_root
def test_a_file_that_is_only_read_is_not_well(settings, committed_database, disk):
    content = Path(committed_database.url.database).read_bytes()
    with disk("locked", size="20m") as folder:
        (folder / "shop.sqlite").write_bytes(content)
        changed = settings | {"database.url": f"sqlite:///{folder}/shop.sqlite"}
        assert database(changed).well
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        row = database(changed)
    assert not row.well
    assert row.says == f"unable to open database file: {FILE}"
