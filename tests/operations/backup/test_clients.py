"""Programs of others: they are who we act as, and what fails while they are fed is heard."""

import os

import pytest

from ocpizza.operations.backup.clients import converting, running
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.load_postgresql import _run_script
from ocpizza.operations.privileges import acting_as


class Cursor:
    """Notes what it is told to run."""

    def __init__(self) -> None:
        self.run: list[bytes] = []

    def execute(self, statements: bytes) -> None:
        self.run.append(statements)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root acts as somebody else")
def test_a_program_cannot_become_root_again():
    with acting_as("nobody"), running(["sh", "-c", "id -u; id -ru; id -g; id -rg"]) as (_, said):
        ids = set(said.read().split())
    assert b"0" not in ids
    assert len(ids) <= 2


def test_what_is_read_badly_ends_the_program_and_is_told():
    def chunks():
        yield b"begin"
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"), converting(["cat"], chunks()) as made:
        assert made.read() == b"begin"


def test_a_program_that_ends_before_it_has_read_all_tells_by_its_status():
    much, ends = [b"x" * 2**20] * 9, ["sh", "-c", "echo enough >&2; exit 3"]
    with pytest.raises(BackupError, match="sh: enough"), converting(ends, much) as made:
        made.read()


def test_what_the_newest_pg_restore_says_to_servers_as_new_is_left_out():
    script = [
        b"\\restrict abc123\n",
        b"SET statement_timeout = 0;\n",
        b"SET transaction_timeout = 0;\n",
        b"CREATE TABLE t ();\n",
        b"\\unrestrict abc123\n",
    ]
    cursor = Cursor()
    _run_script(cursor, script, lambda: None)
    assert cursor.run == [b"SET statement_timeout = 0;\nCREATE TABLE t ();\n"]
