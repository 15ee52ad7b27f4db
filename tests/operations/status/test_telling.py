"""Whoever looks after the site hears when a row begins to be amiss, and when it is well again."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from mail.post_office import mail_settings, mailbox, smtp, watched
from ocpizza.operations.letters import NotTold
from ocpizza.operations.status.memory import NAME, RUNTIME
from ocpizza.operations.status.row import Row
from ocpizza.operations.status.telling import tell_changes

__all__ = ["mail_settings", "mailbox", "smtp", "watched"]
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
WELL, FULL = Row("disk", True, "50 GiB free"), Row("disk", False, "0 GiB free: make room there")
GONE, BACK = Row("database", False, "refused: start it"), Row("database", True, "postgresql 15")


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def look(watched) -> Callable[..., list[str]]:
    """A look that finds these rows; the names of those that were told."""
    at = iter(range(1000))

    def tell(*rows: Row, **changes) -> list[str]:
        now = NOW + timedelta(minutes=15) * next(at)
        return [row.name for row in tell_changes(watched | changes, rows, now)]

    return tell


def letters(mailbox) -> list[str]:
    messages = [message_from_bytes(one.content, policy=default) for one in mailbox.received]
    texts = [message.get_content().replace("\r\n", "\n") for message in messages]
    return [f"{one['Subject']}\n{text}" for one, text in zip(messages, texts, strict=True)]


def test_the_second_look_tells_and_no_other(look, mailbox):
    assert [look(FULL, BACK) for _ in range(50)] == [[], ["disk"], *[[]] * 48]
    (letter,) = letters(mailbox)
    assert letter.startswith("OC Pizza\N{NO-BREAK SPACE}: disk va mal sur ")
    assert "    BAD  disk        0 GiB free: make room there\n" in letter
    assert "04/03/2026 à 06:21, heure de Paris" in letter
    assert mailbox.received[0].rcpt_tos == ["exploitation@example.org"]


def test_that_it_is_well_again_is_told_once_too(look, mailbox):
    look(FULL)
    look(FULL)
    assert [look(WELL) for _ in range(50)] == [[], ["disk"], *[[]] * 48]
    told = letters(mailbox)[1]
    assert told.startswith("OC Pizza\N{NO-BREAK SPACE}: disk va de nouveau bien sur ")
    assert "    ok   disk        50 GiB free\n" in told
    look(FULL)
    assert look(FULL) == ["disk"]
    assert len(mailbox.received) == 3


def test_a_hiccup_is_not_told_neither_of_what_is_well_nor_of_what_is_not(look, mailbox):
    for _ in range(5):
        assert look(FULL) == look(WELL) == []
    look(FULL)
    assert look(FULL) == ["disk"]
    for _ in range(5):
        assert look(WELL) == look(FULL) == []
    assert len(mailbox.received) == 1


def test_what_begins_or_ends_together_is_one_letter(look, mailbox):
    look(FULL, GONE)
    assert look(FULL, GONE) == ["disk", "database"]
    look(WELL, GONE)
    assert look(WELL, BACK) == ["disk"]
    subjects = [letter.partition("\n")[0].partition(": ")[2] for letter in letters(mailbox)]
    assert [subject.rpartition(" sur ")[0] for subject in subjects] == [
        "disk et database vont mal",
        "disk va de nouveau bien",
    ]


MAIL = Row("mail", False, "12 wait: look at them")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([GONE], "database va mal"),
        ([FULL, GONE], "disk et database vont mal"),
        ([FULL, MAIL, GONE], "disk, mail et database vont mal"),
        ([WELL], "disk va de nouveau bien"),
        ([WELL, BACK], "disk et database vont de nouveau bien"),
        ([WELL, GONE, MAIL], "database et mail vont mal, disk va de nouveau bien"),
    ],
)
def test_the_subject_is_a_sentence_however_many_rows_it_is_about(look, mailbox, rows, says):
    before = [Row(row.name, not row.well, "") for row in rows]
    look(*before)
    look(*before)
    look(*rows)
    look(*rows)
    subject = letters(mailbox)[-1].partition("\n")[0].partition(": ")[2]
    assert subject.rpartition(" sur ")[0] == says


def test_what_was_not_looked_at_is_as_it_was(look):
    look(FULL, GONE)
    look(GONE)
    assert look(FULL, GONE) == ["disk"]


def test_a_letter_that_did_not_leave_is_written_at_the_next_look(look, mailbox):
    look(FULL)
    mailbox.answers["DATA"] = "451 later"
    with pytest.raises(NotTold, match="451 at DATA"):
        look(FULL)
    mailbox.answers.clear()
    assert look(FULL) == ["disk"]
    assert look(FULL) == []


@pytest.mark.parametrize("missing", [{"supervision.email": ""}, {"mail.host": ""}])
def test_whoever_is_named_late_is_told_then(look, mailbox, missing):
    for _ in range(3):
        assert look(FULL, **missing) == []
    assert mailbox.received == []
    assert look(FULL) == ["disk"]


def test_no_letter_names_anybody(look, mailbox):
    row = Row("settings", False, "legal.email = 'julia@exam ple.org', 06 12 34 56 78: mend it")
    look(row)
    look(row)
    (letter,) = letters(mailbox)
    assert "julia" not in letter
    assert "06 12" not in letter
    assert "legal.email = '(hidden) ple.org', (hidden): mend it" in letter


def test_a_note_that_is_damaged_is_no_note(look, watched):
    look(FULL)
    note = watched["folders.state"] / "incidents" / NAME
    for damage in ("", "[]", "{", '{"at": 1, "rows": {"disk": {"well": 1, "x": 2}}}'):
        note.write_text(damage)
        assert look(FULL) == []
    assert look(FULL) == ["disk"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
@pytest.mark.parametrize("broken", ["full", "locked"])
def test_a_disk_that_takes_nothing_is_told_once_all_the_same(
    look, mailbox, disk, monkeypatch, tmp_path, broken
):
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv(RUNTIME, str(runtime))
    with disk("state", **{broken: True}) as state:
        changed = {"folders.state": state}
        assert [look(FULL, **changed) for _ in range(4)] == [[], ["disk"], [], []]
        if broken == "locked":
            subprocess.run(["mount", "-o", "remount,rw", state], check=True)
        else:
            (state / "filling").unlink()
        assert [look(WELL, **changed) for _ in range(3)] == [[], ["disk"], []]
        assert (state / "incidents" / NAME).exists()
    assert len(mailbox.received) == 2


def test_where_nothing_can_be_noted_this_is_said(look, watched):
    (watched["folders.state"] / "incidents").write_text("")
    with pytest.raises(NotTold, match="what was told cannot be noted: "):
        look(FULL)
