"""`ocpizza restore`: the archive in place of the database, or nothing changed, whatever happens."""

import errno
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import Mock

import pytest
from psycopg.errors import DataCorrupted, QueryCanceled
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from databases import BACKENDS, MIGRATIONS, counted_statements
from factories import (
    advance_to,
    author_of,
    make_account,
    make_staff,
    order_of,
    the_pizzeria,
)
from ocpizza.db import make_engine
from ocpizza.erasure_list import ACCOUNT, ERASURES, HEADER, ORDER, Erased, append, read
from ocpizza.models.account import Account, Role
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.models.job import JobRun
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.sign_in import SignInSession
from ocpizza.operations.backup import erasures, load_postgresql
from ocpizza.operations.backup.drill import drill
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.make import back_up
from ocpizza.operations.backup.restore import STAGES, forget_previous, settle
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.job_runs import BACKUP, DRILL, record
from ocpizza.operations.migrate import head_revision, migrate
from ocpizza.overlay.build import create_tables
from ocpizza.services.account.change_colleague import Shown, delete_colleague, switch_colleague
from ocpizza.services.account.links import Purpose, issue_link, link_works, use_link
from ocpizza.services.account.sign_in_sessions import (
    begin_session,
    end_session,
    find_session,
    sign_out_everywhere,
)
from ocpizza.services.payment.cards import remove_card
from ocpizza.services.payment.stripe_removal import removed
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.erase_again import Erasures, erase_again, erasures_since
from ocpizza.services.privacy.erase_orders import erase_orders
from ocpizza.services.trail.record import Signature
from operations.backup.saved_shop import Acting, Shop, rows_of, times

TIMES = times(
    STAGES, within=("check the archive", "load the database", "count and digest the rows")
)
# SQLite writes a file at once.
DEATHS = [
    (kind, *time)
    for kind in BACKENDS
    for time in TIMES
    if (kind, *time) != ("sqlite", "load the database", "within")
]
NOW = datetime.now(UTC)
RESTORE = "ocpizza.operations.backup.restore"
POSTGRESQL = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def archive(shop):
    """Made before another order was sold."""
    made = shop.back_up()
    shop.sell()
    return made.path


def test_every_table_is_as_it_was_and_what_was_replaced_is_kept(shop, add_up):
    saved = shop.rows()
    archive = shop.back_up().path
    shop.sell()
    lost = shop.rows()
    seen = Acting(lambda _stage: None)
    restored = shop.restore(archive, seen)
    assert tuple(seen.seen) == STAGES
    assert shop.rows() == saved != lost
    add_up(shop.engine)
    shop.engine.dispose()
    assert shop.previous_rows(restored.previous) == lost
    # The shop goes on: numbers of rows, triggers and constraints came back with them.
    shop.sell()
    with pytest.raises(Exception, match="append-only"), shop.engine.begin() as connection:
        connection.execute(text("DELETE FROM stock_movement"))
    shop.engine.dispose()
    assert len(forget_previous(shop.engine, shop.settings)) == 1
    assert shop.left_over() == []
    assert forget_previous(shop.engine, shop.settings) == []


MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from ocpizza.models.order import Order
from ocpizza.overlay.tables import new_base

Base = new_base()

class Note(Base):
    __tablename__ = "city_001_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
"""


def test_tables_of_an_update_are_saved_and_restored_with_the_others(shop, tmp_path, add_up):
    before = shop.back_up().path
    models = tmp_path / "release/city_001/models.py"
    models.parent.mkdir(parents=True)
    models.write_text(MODELS)
    with shop.engine.begin() as connection:
        assert create_tables(connection, tmp_path / "release") == ["city_001_note"]
        connection.execute(text("INSERT INTO city_001_note SELECT 7, min(id) FROM orders"))
    saved = shop.rows()
    made = shop.back_up()
    assert made.manifest.tables["city_001_note"].rows == 1
    with shop.engine.begin() as connection:
        connection.execute(text("DELETE FROM city_001_note"))
    shop.restore(made.path)
    assert shop.rows() == saved
    add_up(shop.engine)
    shop.restore(before)
    assert "city_001_note" not in shop.rows()


@pytest.mark.parametrize(("backend", "stage", "when"), DEATHS, indirect=["backend"])
def test_killed_at_any_stage_it_is_what_it_was_or_the_archive_never_a_mixture(shop, stage, when):
    page = write_overlay(shop, "saved")
    saved = shop.rows()
    archive = shop.back_up().path
    shop.sell()
    write_overlay(shop, "lost")
    lost = shop.rows()
    shop.dies(lambda shop, stages: shop.restore(archive, stages), stage, when)
    swapped = stage == "swap the overlay"
    assert shop.rows() == (saved if swapped else lost)
    settle(shop.engine, shop.settings)
    assert page.read_text() == ("saved" if swapped else "lost")
    if shop.engine.dialect.name == "sqlite" or stage == "swap":
        # The next run; PostgreSQL itself has undone what was not committed.
        shop.restore(archive)
        assert (shop.rows(), page.read_text()) == (saved, "saved")
    forget_previous(shop.engine, shop.settings)
    assert shop.left_over() == []


def write_overlay(shop: Shop, content: str) -> Path:
    release = shop.settings["folders.overlay"] / "releases" / content
    release.mkdir(parents=True)
    (release / "page.html").write_text(content)
    current = shop.settings["folders.overlay"] / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(f"releases/{content}")
    return current / "page.html"


def test_an_overlay_that_was_not_saved_goes_and_comes_back_with_the_other_database(shop, archive):
    page = write_overlay(shop, "new")
    shop.restore(archive)
    assert not page.exists()
    again = shop.back_up().path
    write_overlay(shop, "newer")
    shop.restore(again)
    assert list(shop.settings["folders.overlay"].iterdir()) == []
    forget_previous(shop.engine, shop.settings)
    assert [p.name for p in shop.settings["folders.overlay"].parent.glob("overlay*")] == ["overlay"]
    assert list(shop.archives.glob("*overlay*")) == []


def test_python_that_the_service_plants_is_never_swapped_in(shop, archive):
    """Whoever has taken over the web process and its database has both, and nothing runs."""
    write_overlay(shop, "mine")
    restored = shop.restore(archive)
    stamp = re.search(r"\d{8}_\d{6}_\d{6}$", restored.previous)[0]
    write_overlay(shop, "ours")
    live = shop.settings["folders.overlay"]
    planted = live.with_name(f"overlay.restoring-{stamp}") / "releases" / "evil"
    planted.mkdir(parents=True)
    (planted / "evil.py").write_text("def includeme(config): raise SystemExit")
    for act in (
        shop.back_up,
        lambda: shop.restore(archive),
        lambda: forget_previous(shop.engine, shop.settings),
    ):
        act()
        shop.engine.dispose()
        assert list(live.rglob("*evil*")) == []


def test_a_refused_archive_leaves_the_overlay_as_it_is(shop, archive, monkeypatch):
    page = write_overlay(shop, "mine")
    monkeypatch.setattr("ocpizza.operations.backup.restore.differences", lambda *_: ["table x"])
    with pytest.raises(BackupError, match="table x"):
        shop.restore(archive)
    assert page.read_text() == "mine"
    overlays = list(shop.settings["folders.overlay"].parent.glob("overlay*"))
    assert overlays == [shop.settings["folders.overlay"]]


@POSTGRESQL
def test_a_server_that_goes_away_at_any_stage_is_one_line_and_changes_nothing(shop, archive):
    lost = shop.rows()
    url = shop.engine.url.render_as_string(hide_password=False)

    def break_off(stage: str) -> Acting:
        def act(name: str) -> None:
            if name == stage:
                other = make_engine(url, 1)
                with other.connect() as connection:
                    connection.execute(text(OFF))
                other.dispose()

        return Acting(act)

    for stage in STAGES[1:-1]:
        with pytest.raises((BackupError, SQLAlchemyError)) as caught:
            shop.restore(archive, break_off(stage))
        assert "terminating connection" in str(caught.value).splitlines()[0], stage
        assert shop.rows() == lost
    for stage in ("count and digest the rows", "add settings and overlay"):
        with pytest.raises((BackupError, SQLAlchemyError), match="terminating connection"):
            shop.back_up(break_off(stage))
        shop.engine.dispose()
    assert shop.left_over() == []


@SQLITE
def test_killed_between_the_two_names_of_a_file_it_is_what_it_was(shop, archive, monkeypatch):
    lost = shop.rows()

    def die(*_):
        os._exit(9)

    def within_the_swap(shop, _stages):
        monkeypatch.setattr("pathlib.Path.replace", die)
        shop.restore(archive)

    shop.dies(within_the_swap, "", "")
    assert shop.rows() == lost
    shop.restore(archive)
    assert len(forget_previous(shop.engine, shop.settings)) == 1
    assert shop.left_over() == []


def test_what_is_sold_while_it_loads_waits_for_nobody(shop, archive):
    """The live database goes on until the swap, and no half of an order is ever seen."""
    saved = None

    def sell(stage: str) -> None:
        if stage in ("load the database", "count and digest the rows"):
            shop.sell()

    restored = shop.restore(archive, Acting(sell))
    saved = shop.rows()
    assert len(saved["orders"]) == 1
    assert len(shop.previous_rows(restored.previous)["orders"]) == 4


def test_while_somebody_uses_the_database_it_refuses(shop, archive, monkeypatch):
    monkeypatch.setattr(load_postgresql, "PATIENCE", 0)
    lost = shop.rows()
    other = make_engine(shop.engine.url.render_as_string(hide_password=False), 1)
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM orders"))
        with pytest.raises(BackupError, match=r"in use.*stop the site"):
            shop.restore(archive)
    other.dispose()
    assert shop.rows() == lost
    assert shop.left_over() == []


def test_the_service_stands_still_for_the_last_moment_only(shop, archive):
    said = []

    @contextmanager
    def stopped():
        said.append("stop")
        yield
        said.append("start")

    shop.restore(archive, Acting(said.append), without_service=stopped())
    assert said == [*STAGES[:-3], "stop", *STAGES[-3:], "start"]


def test_an_older_archive_is_brought_to_the_schema_of_this_version(
    shop, empty_database, tmp_path, settings
):
    old = Shop(empty_database, settings, tmp_path / "ocpizza.ini")
    migrate(empty_database, MIGRATIONS, "0012")
    with empty_database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO ingredient (code, name, name_en, unit)"
                " VALUES ('farine', 'Farine', 'Flour', 'g')"
            )
        )
    empty_database.dispose()
    archive = old.back_up().path
    restored = shop.restore(archive)
    assert restored.manifest.revision == "0012"
    assert restored.revision == head_revision(MIGRATIONS)
    with shop.engine.connect() as connection:
        assert connection.execute(text("SELECT code FROM ingredient")).scalars().all() == ["farine"]
        assert "checkout_key" in {c["name"] for c in inspect(connection).get_columns("orders")}


def test_an_empty_database_takes_an_archive(shop, archive, empty_database, settings, tmp_path):
    fresh = Shop(empty_database, settings, tmp_path / "ocpizza.ini")
    shop.restore(archive)
    restored = fresh.restore(archive)
    assert rows_of(empty_database) == shop.rows()
    empty_database.dispose()
    forget_previous(empty_database, settings)
    assert fresh.left_over() == []
    assert restored.erased == 0


@POSTGRESQL
def test_another_role_without_any_right_restores_into_a_database_of_another_name(
    shop, archive, databases, tmp_path
):
    shop.restore(archive)
    saved = shop.rows()
    databases.cluster.run("CREATE ROLE plain LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    databases.cluster.run("CREATE DATABASE elsewhere OWNER plain TEMPLATE template0")
    url = databases.cluster.url("elsewhere").replace("postgres@", "plain@")
    other = Shop(make_engine(url, 1), shop.settings, shop.config)
    migrate(other.engine, MIGRATIONS)
    for _ in range(2):
        other.restore(archive)
        assert other.rows() == saved
    other.sell()
    other.engine.dispose()
    assert len(forget_previous(other.engine, other.settings)) == 2
    other.engine.dispose()
    again = other.back_up().path
    shop.restore(again)
    assert shop.rows() == other.rows()
    databases.cluster.run("DROP DATABASE elsewhere")
    databases.cluster.run("DROP ROLE plain")


@POSTGRESQL
def test_a_role_that_may_not_is_told_what_to_do(shop, archive, databases):
    databases.cluster.run("CREATE ROLE guest LOGIN")
    url = shop.engine.url.set(username="guest").render_as_string(hide_password=False)
    guest = Shop(make_engine(url, 1), shop.settings, shop.config)
    lost = shop.rows()
    with pytest.raises(BackupError, match=r"must own schema public: ALTER SCHEMA public OWNER TO"):
        guest.restore(archive)
    # As where an administrator dropped it, and made it again as their own.
    with shop.engine.begin() as connection:
        connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    with pytest.raises(BackupError, match=r"schema public: ALTER SCHEMA .* may not use it\)"):
        guest.restore(archive)
    assert shop.rows() == lost
    databases.cluster.run("DROP ROLE guest")


@POSTGRESQL
def test_an_extension_among_the_tables_is_named_before_anything_is_done(shop, archive):
    with shop.engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION tablefunc"))
    lost = shop.rows()
    with pytest.raises(BackupError, match=r"extension tablefunc.*ALTER EXTENSION tablefunc SET"):
        shop.restore(archive)
    assert shop.rows() == lost


def test_a_full_disk_changes_nothing(shop, archive, small_database, settings, tmp_path):
    small = Shop(small_database, settings, tmp_path / "ocpizza.ini")
    small.open()
    lost = small.rows()
    fill(small_database.disk)
    with pytest.raises(BackupError, match=r"(?i)no space left|full"):
        small.restore(archive)
    assert small.rows() == lost
    assert small.left_over() == []


def fill(disk: Path) -> None:
    """All but a quarter of a megabyte."""
    (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free - 2**18))


@pytest.fixture
def small_database(backend, databases, tmp_path_factory):
    """A migrated database on a file system with no room for another of its size."""
    if os.geteuid():
        pytest.skip("only root can mount a disk")
    disk = (
        databases.cluster.folder / "disk"
        if backend == "postgresql"
        else (tmp_path_factory.mktemp("disk"))
    )
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk], check=True)
    try:
        if backend == "postgresql":
            subprocess.run(["chown", "postgres", disk], check=True)
            databases.cluster.run(f"CREATE TABLESPACE small LOCATION '{disk}'")
            databases.cluster.run("CREATE DATABASE small TEMPLATE template0 TABLESPACE small")
            url = databases.cluster.url("small")
        else:
            url = f"sqlite:///{disk}/small.sqlite"
        engine = make_engine(url, 2)
        migrate(engine, MIGRATIONS)
        engine.disk = disk
        yield engine
        engine.dispose()
        if backend == "postgresql":
            databases.cluster.run("DROP DATABASE small")
            databases.cluster.run("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_persons_erased_since_are_erased_again(shop, add_up):
    with Session(shop.engine) as session, session.begin():
        julia = make_account(
            session, email="julia@example.org", email_verified_at=datetime.now(UTC)
        )
        stays = make_account(session, email="anna@example.org")
        julia_id, author, stays_id = julia.id, author_of(julia), stays.id
    running = shop.sell(author=author, contact_name="Julia Moreau", email="julia@example.org")
    guest = shop.sell(contact_name="Stanley Martin", street="9 rue Secrète")
    archive = shop.back_up().path
    now = datetime.now(UTC)
    with Session(shop.engine) as session, session.begin():
        for id in (running, guest):
            advance_to(session, session.get_one(Order, id), Status.DELIVERED)
        erase_account(session, julia_id, now)
        erase_orders(session, [guest], now)
    restored = shop.restore(archive)
    assert restored.erased == 2
    with Session(shop.engine) as session:
        julia = session.get_one(Account, julia_id)
        assert (julia.email, julia.first_name) == (None, "")
        assert julia.erased_at is not None
        assert session.get_one(Account, stays_id).email == "anna@example.org"
        for id in (running, guest):
            order = session.get_one(Order, id)
            assert (order.contact_name, order.phone, order.email) == ("", None, None)
            assert order.revision.street is None
            # It ran when it was saved: the team ends it.
            assert order.status is Status.TO_PREPARE
        assert session.query(OutgoingMail).filter(OutgoingMail.recipient.is_not(None)).count() == 0
    shop.engine.dispose()
    everything = repr(shop.rows())
    for word in ("julia", "Julia Moreau", "Secrète"):
        assert word not in everything
    add_up(shop.engine)
    shop.engine.dispose()
    # And by the next restoration, too, though nothing but the restored rows tells it now.
    assert shop.restore(archive).erased == 2


def erased_elsewhere(shop: Shop, settings: dict, account_id: int, order_id: int) -> None:
    """By a web process that lists what it erases."""
    info = {ERASURES: settings["folders.state"] / "erasures"}
    with Session(shop.engine, info=info) as session, session.begin():
        erase_account(session, account_id, NOW)
        erase_orders(session, [order_id], NOW)
    shop.engine.dispose()


def test_how_old_the_last_backup_is_stays_known(shop):
    """Managers read of it; the archive itself was noted once it was made."""
    known = shop.settings, shop.config, Stages()
    archive = back_up(shop.engine, *known, noted_as=BACKUP).path
    drill(shop.engine, shop.settings, datetime.now(UTC), Stages())
    record(shop.engine, JobRun(job="cyclic_update", started_at=datetime.now(UTC), succeeded=True))
    for _ in range(2):
        shop.restore(archive)
        with Session(shop.engine) as session:
            found = session.scalars(select(JobRun).order_by(JobRun.started_at)).all()
        shop.engine.dispose()
        assert [(run.job, run.succeeded) for run in found] == [(BACKUP, True), (DRILL, True)]
        assert all(run.changes == {"archive": archive.name} for run in found)


def test_who_was_erased_before_the_database_was_lost_is_erased_again_from_the_list(
    shop, empty_database, tmp_path, settings
):
    """On this machine from its own list, on a new one from the archive's or one that is given."""
    with Session(shop.engine) as session, session.begin():
        julia_id = make_account(session, email="julia@example.org").id
        anna_id = make_account(session, email="anna@example.org").id
    guest = shop.sell(contact_name="Stanley Martin", status=Status.DELIVERED)
    archive = shop.back_up().path
    erased_elsewhere(shop, settings, julia_id, guest)
    newer = shop.back_up().path
    here = settings["folders.state"] / "erasures"
    assert len(read(here)) == 2
    fresh = Shop(empty_database, settings, tmp_path / "ocpizza.ini")

    def check() -> None:
        with Session(fresh.engine) as session:
            assert session.get_one(Account, julia_id).email is None
            assert session.get_one(Account, anna_id).email == "anna@example.org"
            assert session.get_one(Order, guest).contact_name == ""
        fresh.engine.dispose()

    restored = fresh.restore(archive)
    assert (restored.erased, restored.by_list) == (2, 2)
    check()
    # The old machine's disk is lost: what was copied of it, or of another host, is given.
    brought = read(here)
    here.unlink()
    forget_previous(fresh.engine, settings)
    lost(fresh)
    assert fresh.restore(archive, erased=brought).by_list == 2
    check()
    # And is known here from then on.
    assert read(here) == brought
    # A newer archive brings the list with it, for whoever goes back further afterwards.
    here.unlink()
    lost(fresh)
    assert fresh.restore(newer).by_list == 0
    check()
    assert set(read(here)) == set(brought)


def lost(shop: Shop) -> None:
    """Have nothing be left of a database."""
    shop.engine.dispose()
    if shop.engine.dialect.name == "sqlite":
        live = Path(shop.engine.url.database)
        for path in live.parent.glob(f"{live.name}*"):
            path.unlink()
        return
    with shop.engine.begin() as connection:
        for name in ("public", *load_postgresql.forget_previous(shop.engine)):
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
        connection.execute(text("CREATE SCHEMA public"))
    shop.engine.dispose()


def test_a_backup_adds_to_the_list_what_another_host_erased(shop, settings):
    with Session(shop.engine) as session, session.begin():
        julia = make_account(session)
        erase_account(session, julia.id, NOW)
        known = Erased(ACCOUNT, str(julia.id), julia.created_at, NOW)
    for _ in range(2):
        assert shop.back_up().manifest.members["erasures"].size == len(f"{HEADER}{known}\n")
    assert read(settings["folders.state"] / "erasures") == [known]


def test_a_list_that_takes_no_more_is_saved_with_what_it_has(shop, settings, monkeypatch):
    listed = Erased(ORDER, "F3K9-P2", NOW, NOW)
    append(settings["folders.state"] / "erasures", [listed])
    with Session(shop.engine) as session, session.begin():
        julia = make_account(session)
        erase_account(session, julia.id, NOW)
        known = Erased(ACCOUNT, str(julia.id), julia.created_at, NOW)
    shop.engine.dispose()
    monkeypatch.setattr(erasures, "append", Mock(side_effect=OSError(errno.ENOSPC, "full")))
    saved = shop.back_up().manifest.members["erasures"]
    assert saved.size == len(f"{HEADER}{listed}\n{known}\n")


def test_a_list_that_grew_too_large_is_given_whole(monkeypatch):
    monkeypatch.setattr(erasures, "MOST_BYTES", 10)
    every = [Erased(ACCOUNT, str(number), NOW, NOW) for number in range(100)]
    content = "".join(f"{one}\n" for one in every).encode()
    assert erasures.from_file(content, Path("brought")) == every


def test_a_list_that_is_none_stops_no_backup_and_is_named_by_a_restoration(shop, settings):
    here = settings["folders.state"] / "erasures"
    here.mkdir(parents=True)
    before = shop.rows()
    archive = shop.back_up().path
    with pytest.raises(BackupError, match="erasures is no file: move it away"):
        shop.restore(archive)
    assert shop.rows() == before


def test_what_was_removed_at_stripe_or_is_to_be_is_nobodys_again(shop, empty_database, settings):
    """An account erased, cards removed, a customer nobody is: most were not done yet."""
    with Session(shop.engine) as session, session.begin():
        julia, anna = make_account(session), make_account(session)
        julia.stripe_customer_id, anna.stripe_customer_id = "cus_julia", "cus_anna"
        for account, card in (
            (julia, "pm_julia"),
            (anna, "pm_anna"),
            (anna, "pm_gone"),
            (anna, "pm_kept"),
        ):
            keep_card(session, account, card)
        julia_id, anna_id = julia.id, anna.id
    archive = shop.back_up().path
    with Session(shop.engine) as session, session.begin():
        erase_account(session, julia_id, NOW)
        for name in ("pm_anna", "pm_gone"):
            mine = select(SavedCard.id).where(SavedCard.stripe_payment_method_id == name)
            assert remove_card(session, anna_id, session.scalars(mine).one(), NOW)
        session.flush()
        # Stripe has done this one already.
        removed(session, "pm_gone")
        session.add(StripeRemoval(stripe_id="cus_unused", retry_at=NOW, attempts=7))
    for _ in range(2):
        shop.restore(archive)
        with Session(shop.engine) as session:
            waiting = set(session.scalars(select(StripeRemoval.stripe_id)))
            assert waiting == {"cus_julia", "pm_anna", "cus_unused"}
            cards = set(session.scalars(select(SavedCard.stripe_payment_method_id)))
            assert cards == {"pm_kept"}
            assert session.get_one(Account, anna_id).stripe_customer_id == "cus_anna"
            assert session.get_one(Account, julia_id).stripe_customer_id is None
    # A database that knows nobody tells of no removals: cards are as they were saved.
    shop.engine.dispose()
    fresh = Shop(empty_database, settings, shop.config)
    fresh.restore(archive)
    with Session(fresh.engine) as session:
        assert session.query(SavedCard).count() == 4


def keep_card(session: Session, account: Account, id: str) -> None:
    session.add(
        SavedCard(
            account_id=account.id,
            stripe_payment_method_id=id,
            brand="visa",
            last4="4242",
            saved_at=NOW,
        )
    )


def test_nobody_of_another_shop_is_erased_for_having_the_same_number(shop, archive):
    with Session(shop.engine) as session, session.begin():
        the_pizzeria(session)
        other = make_account(session, email="other@example.org")
        other_id = other.id
    archive = shop.back_up().path
    with Session(shop.engine) as session, session.begin():
        account = session.get_one(Account, other_id)
        account.created_at = datetime(2020, 1, 1, tzinfo=UTC)
        erase_account(session, other_id, datetime.now(UTC))
    assert shop.restore(archive).erased == 0
    with Session(shop.engine) as session:
        assert session.get_one(Account, other_id).email == "other@example.org"


def test_who_signed_out_since_stays_out_and_links_used_since_open_nothing(shop):
    with Session(shop.engine) as session, session.begin():
        julia = make_account(session, email="julia@example.org")
        anna = make_account(session, email="anna@example.org")
        julia_id, anna_id = julia.id, anna.id
        stays, signed_out = (begin_session(session, julia, NOW) for _ in range(2))
        everywhere = begin_session(session, anna, NOW)
        used, unused = (
            issue_link(session, julia, Purpose.NEW_PASSWORD, "julia@example.org", NOW)
            for _ in range(2)
        )
    archive = shop.back_up().path
    with Session(shop.engine) as session, session.begin():
        use_link(session, used, Purpose.NEW_PASSWORD, NOW)
        end_session(session, signed_out)
        sign_out_everywhere(session, session.get_one(Account, anna_id))
        begin_session(session, session.get_one(Account, julia_id), NOW)
    shop.restore(archive)
    with Session(shop.engine) as session:
        assert find_session(session, stays).account_id == julia_id
        assert find_session(session, signed_out) is find_session(session, everywhere) is None
        assert session.query(SignInSession).count() == 1
        assert link_works(session, unused, Purpose.NEW_PASSWORD, NOW)
        assert not link_works(session, used, Purpose.NEW_PASSWORD, NOW)


def test_a_colleague_who_left_since_the_archive_stays_out(shop):
    with Session(shop.engine) as session, session.begin():
        restaurant = session.scalars(select(Restaurant)).first()
        chief, fired, deleted, stays = (
            make_staff(session, role, restaurant)
            for role in (Role.MANAGER, Role.CASHIER, Role.DRIVER, Role.DRIVER)
        )
        ids = [each.id for each in (fired, deleted, stays)]
        signed = Signature(author_of(chief), NOW)
    archive = shop.back_up().path
    with Session(shop.engine) as session, session.begin():
        switch_colleague(session, signed, Shown(ids[0], 1), active=False)
        delete_colleague(session, signed, Shown(ids[1], 1))
    shop.restore(archive)
    with Session(shop.engine) as session:
        statuses = [session.get_one(Account, id).status for id in ids]
        assert statuses == ["inactive", "inactive", "active"]


def test_where_the_replaced_database_is_lost_everybody_signs_in_again(
    shop, empty_database, settings, tmp_path
):
    with Session(shop.engine) as session, session.begin():
        julia = make_account(session)
        begin_session(session, julia, NOW)
        link = issue_link(session, julia, Purpose.NEW_PASSWORD, julia.email, NOW)
    archive = shop.back_up().path
    fresh = Shop(empty_database, settings, tmp_path / "ocpizza.ini")
    fresh.restore(archive)
    with Session(fresh.engine) as session:
        assert session.query(SignInSession).count() == 0
        assert not link_works(session, link, Purpose.NEW_PASSWORD, NOW)


def test_what_is_damaged_is_replaced_all_the_same_and_that_nobody_knows_who_was_erased_is_said(
    shop, monkeypatch
):
    with Session(shop.engine) as session, session.begin():
        signed_in = begin_session(session, make_account(session), NOW)
    archive = shop.back_up().path
    shop.sell()
    if shop.engine.dialect.name == "sqlite":
        shop.engine.dispose()
        Path(shop.engine.url.database).write_bytes(b"this was a database once" * 999)
    else:
        damaged = DatabaseError("SELECT", None, DataCorrupted("invalid page in block 0"))
        monkeypatch.setattr(f"{RESTORE}.erasures_since", Mock(side_effect=damaged))
    assert shop.restore(archive).erased is None
    with Session(shop.engine) as session:
        assert session.query(Order).count() == 1
        # Whose sessions have ended nobody knows either: everybody's have.
        assert find_session(session, signed_in) is None


def test_what_only_cannot_be_read_just_now_changes_nothing(shop, archive, monkeypatch):
    before = shop.rows()
    busy = OperationalError("SELECT", None, QueryCanceled("canceling statement"))
    monkeypatch.setattr(f"{RESTORE}.erasures_since", Mock(side_effect=busy))
    with pytest.raises(OperationalError):
        shop.restore(archive)
    assert shop.rows() == before
    assert shop.left_over() == []


class Known(NamedTuple):
    """An account, and an archive that has it."""

    id: int
    archive: Path


@pytest.fixture
def knows_julia(shop, archive):
    """Made before she was erased, and before a wrong archive, without her, was restored."""
    with Session(shop.engine) as session, session.begin():
        julia_id = make_account(session, email="julia@example.org").id
    known = Known(julia_id, shop.back_up().path)
    with Session(shop.engine) as session, session.begin():
        erase_account(session, julia_id, datetime.now(UTC))
    shop.restore(archive)
    return known


def test_one_damaged_long_ago_keeps_nobody_from_asking_the_others(shop, knows_julia, monkeypatch):
    asked = []

    def answer(session, since):
        asked.append(session)
        if len(asked) == 1:
            raise DatabaseError("SELECT", None, DataCorrupted("invalid page in block 0"))
        return erasures_since(session, since)

    monkeypatch.setattr(f"{RESTORE}.erasures_since", answer)
    assert shop.restore(knows_julia.archive).erased is None
    assert len(asked) == 2
    with Session(shop.engine) as session:
        assert session.get_one(Account, knows_julia.id).email is None


def test_who_was_erased_before_a_wrong_archive_was_restored_stays_erased(shop, knows_julia):
    assert shop.restore(knows_julia.archive).erased == 1
    with Session(shop.engine) as session:
        assert session.get_one(Account, knows_julia.id).email is None


def test_what_fails_once_the_database_is_swapped_says_so(shop, archive, monkeypatch):
    write_overlay(shop, "mine")
    failing = Mock(side_effect=BackupError("no room for the overlay"))
    # It is tried again by what settles all in the end.
    monkeypatch.setattr("ocpizza.operations.backup.overlay.Overlays.swap", failing)
    with pytest.raises(BackupError, match=r"is the archive's now .*kept: .*previous.*no room for"):
        shop.restore(archive)
    with Session(shop.engine) as session:
        assert session.query(Order).count() == 1


def test_many_erased_orders_are_erased_again_in_a_few_statements(session, pizzeria):
    orders = [order_of(session, pizzeria, status=Status.DELIVERED) for _ in range(12)]
    session.flush()
    known = Erasures(orders=frozenset((one.number, one.placed_at) for one in orders[:-1]))
    strange = Erasures(orders=frozenset({(orders[-1].number, datetime(2020, 1, 1, tzinfo=UTC))}))
    with counted_statements(session.connection()) as few:
        assert erase_again(session, known, NOW) == 11
    assert len(few) < 30
    assert erase_again(session, known | strange, NOW) == 0
    assert orders[-1].contact_name


def test_migrations_that_are_not_where_the_settings_say_are_one_line(shop, archive, tmp_path):
    shop.settings |= {"database.migrations": tmp_path / "nowhere"}
    with pytest.raises(BackupError, match="no migrations in"):
        shop.restore(archive)
