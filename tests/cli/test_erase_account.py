"""`ocpizza erase-account`: somebody asked by letter or by phone to be forgotten."""

import pytest
from sqlalchemy.orm import Session

from commands import complaint, run
from factories import NOON, make_account, make_pizzeria, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Account, Role
from ocpizza.models.order_status import Status

EMAIL = "julia@example.org"


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def account_id(committed_database) -> int:
    with Session(committed_database) as session, session.begin():
        return make_account(session, email=EMAIL, email_verified_at=NOON).id


def order(database, account_id: int, status: Status) -> str:
    with Session(database) as session, session.begin():
        author = Author(account_id, Role.CUSTOMER)
        return order_of(session, make_pizzeria(session), author=author, status=status).number


def email_of(database, account_id: int) -> str | None:
    with Session(database) as session:
        return session.get_one(Account, account_id).email


def test_it_erases_and_says_so_in_one_line(config, committed_database, account_id):
    order(committed_database, account_id, Status.DELIVERED)
    result = run(config, "erase-account", EMAIL.upper(), "--yes")
    assert (result.exit_code, result.stdout) == (0, "erased; orders without their customer: 1\n")
    assert email_of(committed_database, account_id) is None
    assert run(config, "check").output == "everything adds up\n"


def test_it_asks_first(config, committed_database, account_id):
    refused = run(config, "erase-account", EMAIL, stdin="n\n")
    assert refused.exit_code == 1
    assert f"Erase the account « {EMAIL} » for good?" in refused.output
    assert email_of(committed_database, account_id) == EMAIL
    assert run(config, "erase-account", EMAIL, stdin="y\n").exit_code == 0
    assert email_of(committed_database, account_id) is None


def test_what_cannot_be_erased_is_one_line(config, committed_database, account_id):
    assert complaint(run(config, "erase-account", "nobody", "--yes")) == (
        "Error: there is no such account"
    )
    number = order(committed_database, account_id, Status.READY)
    assert complaint(run(config, "erase-account", EMAIL, "--yes")) == (
        f"Error: not ended yet: {number}"
    )
    with Session(committed_database) as session, session.begin():
        make_staff(session, Role.MANAGER, identifier="direction")
    assert complaint(run(config, "erase-account", "direction", "--yes")) == (
        "Error: this is the account of a member of staff"
    )
    assert email_of(committed_database, account_id) == EMAIL
