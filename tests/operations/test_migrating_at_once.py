"""Hosts that share a database and are upgraded together migrate it once."""

import threading

import pytest
from sqlalchemy import event, text

from databases import MIGRATIONS
from droplets.waiting import wait_until
from ocpizza.operations.migrate import LOCK, MigrationError, head_revision, migrate


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_second_waits_for_the_first_however_long_it_takes(empty_database):
    outcome = []
    second = threading.Thread(target=lambda: outcome.append(migrate(empty_database, MIGRATIONS)))
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    patience = text("SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'")
    with empty_database.begin() as first, empty_database.connect() as onlooker:
        first.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        second.start()
        wait_until(lambda: onlooker.scalar(waiting) == 1, 60, "the second waits")
        assert onlooker.scalar(patience) == 10_000
        assert outcome == []
    second.join(60)
    assert outcome == [(None, head_revision(MIGRATIONS))]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_many_at_once_migrate_once(empty_database):
    outcomes = []
    hosts = [
        threading.Thread(target=lambda: outcomes.append(migrate(empty_database, MIGRATIONS)))
        for _ in range(4)
    ]
    for host in hosts:
        host.start()
    for host in hosts:
        host.join(60)
    head = head_revision(MIGRATIONS)
    assert sorted(outcomes, key=str) == sorted([(None, head), *[(head, head)] * 3], key=str)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_whoever_holds_what_is_to_be_changed_is_named(committed_database):
    @event.listens_for(committed_database, "begin")
    def hurry(connection):
        connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")

    with committed_database.begin() as holder:
        holder.execute(text("LOCK TABLE schema_served IN SHARE MODE"))
        pid = holder.scalar(text("SELECT pg_backend_pid()"))
        role = holder.scalar(text("SELECT current_user"))
        with pytest.raises(MigrationError) as held:
            migrate(committed_database, MIGRATIONS)
        named = f"held by process {pid} of PostgreSQL (role {role}, idle in transaction for "
        assert named in str(held.value)
        assert "sudo systemctl restart ocpizza" in str(held.value)
    assert migrate(committed_database, MIGRATIONS)[1] == head_revision(MIGRATIONS)
