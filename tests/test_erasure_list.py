"""Who was erased is told outside of the database: once committed, whatever the file is like."""

import errno
import os
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from factories import NOON, make_account, order_of
from ocpizza import erasure_list
from ocpizza.erasure_list import (
    ACCOUNT,
    ERASURES,
    MOST_BYTES,
    ORDER,
    Erased,
    NotAList,
    append,
    parse,
    read,
)
from ocpizza.models.order_status import Status
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.erase_orders import erase_orders

ONE = Erased(ACCOUNT, "17", NOON, NOON + timedelta(days=1))
OTHER = Erased(ORDER, "F3K9-P2", NOON, NOON)
LINE = f"account 17 {NOON.isoformat()} {(NOON + timedelta(days=1)).isoformat()}"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "erasures"


def test_a_line_is_read_as_it_was_written_and_none_twice(path):
    append(path, [ONE, OTHER])
    append(path, [OTHER, ONE])
    assert path.read_text().splitlines()[0] == LINE
    assert read(path) == [ONE, OTHER]
    assert path.stat().st_mode & 0o777 == 0o600


def test_half_a_line_spoils_no_other(path):
    path.write_text(f"{LINE}\norder F3K9-P2 2026-0")
    append(path, [OTHER])
    assert read(path) == [ONE, OTHER]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "account",
        LINE.replace("17", "-17"),
        LINE.replace("17", "9" * 10),
        LINE.replace("17", "１７"),
        LINE.replace("account", "person"),
        LINE.replace("+00:00", ""),
        LINE.replace("account 17", "order F3K9'P2"),
        LINE.replace("account 17", "order " + "F" * 13),
        LINE.replace("account 17", "order F\0"),
        LINE + " more",
        "account 17 0001-01-01T00:00:00+01:00 9999-12-31T23:59:59-01:00",
        "\x00\xff" * 40,
    ],
)
def test_what_says_nothing_is_passed_over(line):
    content = f"{line}\n{OTHER}\n".encode("utf-8", "replace")
    assert list(parse(content)) == [OTHER]


def test_a_disk_that_takes_a_part_gets_the_rest_or_says_that_it_is_full(path, monkeypatch):
    write, room = os.write, [10, 20, 1000]

    def little(descriptor, text):
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, text[: room.pop(0)])

    monkeypatch.setattr(erasure_list.os, "write", little)
    append(path, [ONE])
    assert read(path) == [ONE]
    room.append(10)
    with pytest.raises(OSError, match="No space left"):
        append(path, [OTHER])


def test_what_is_no_list_is_not_read(path, tmp_path):
    assert read(path) == []
    (tmp_path / "secret").write_text(LINE)
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(NotAList, match="is no file"):
        read(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(NotAList, match="is no file"):
        read(path)
    path.unlink()
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(NotAList, match="too large"):
        read(path)


@pytest.fixture
def listing(session, path) -> Session:
    session.info[ERASURES] = path
    return session


def test_what_is_erased_is_listed_once_it_is_committed(listing, pizzeria, path):
    account = make_account(listing)
    order = order_of(listing, pizzeria, status=Status.DELIVERED)
    listing.commit()
    with listing.begin_nested() as undone:
        erase_account(listing, account.id, NOON)
        undone.rollback()
    erase_orders(listing, [order.id], NOON)
    assert not path.exists()
    listing.commit()
    assert read(path) == [Erased(ORDER, order.number, order.placed_at, NOON)]
    erase_account(listing, account.id, NOON)
    listing.commit()
    assert read(path)[1:] == [Erased(ACCOUNT, str(account.id), account.created_at, NOON)]
    # Erased once, it is not erased again.
    erase_account(listing, account.id, NOON)
    erase_orders(listing, [order.id], NOON)
    listing.commit()
    assert len(read(path)) == 2


def test_what_went_with_the_savepoint_around_its_own_is_not_listed(listing, path):
    account = make_account(listing)
    with listing.begin_nested() as undone:
        with listing.begin_nested():
            erase_account(listing, account.id, NOON)
        undone.rollback()
    listing.commit()
    assert not path.exists()


def test_an_account_and_its_orders_are_each_listed(listing, pizzeria, path):
    """An archive may be older than the account, and know what its owner ordered as a guest."""
    julia = make_account(listing, email="julia@example.org", email_verified_at=NOON)
    guest = order_of(listing, pizzeria, status=Status.DELIVERED, email="julia@example.org")
    erase_account(listing, julia.id, NOON)
    listing.commit()
    assert {(one.kind, one.number) for one in read(path)} == {
        (ORDER, guest.number),
        (ACCOUNT, str(julia.id)),
    }


def test_an_erasure_that_cannot_be_listed_is_done_and_told(listing, path):
    account = make_account(listing)
    path.mkdir()
    erase_account(listing, account.id, NOON)
    with capture_logs() as said:
        listing.commit()
    assert [line["event"] for line in said if line["log_level"] == "error"] == [
        "an erasure could not be listed"
    ]
    assert account.erased_at == NOON
