"""Whoever looks after the site hears of a failure, once an incident."""

import configparser
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from mail.post_office import mail_settings, mailbox, smtp, watched
from ocpizza.operations.incidents import NotTold, tell_failure

__all__ = ["mail_settings", "mailbox", "smtp", "watched"]

UNITS = Path(__file__).parents[2] / "systemd"
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def fails(watched):
    """Tell that a unit failed at some time; whether anybody was written to."""

    def tell(unit: str, at: datetime) -> bool:
        return tell_failure(watched, unit, at)

    return tell


def test_the_message_says_what_failed_and_what_to_do(fails, mailbox):
    assert fails("ocpizza-backup.service", NOW)
    (envelope,) = mailbox.received
    assert envelope.rcpt_tos == ["exploitation@example.org"]
    message = message_from_bytes(envelope.content, policy=default)
    assert message["Subject"].startswith("OC Pizza : ocpizza-backup.service a échoué sur ")
    text = message.get_content()
    assert "(message écrit le 04/03/2026 à 06:06, heure de Paris)" in text
    assert "sudo journalctl -u ocpizza-backup.service -n 50" in text


def test_an_incident_is_told_once_however_long_it_lasts(fails, mailbox):
    assert fails("ocpizza-watchdog.service", NOW)
    minutes = [NOW + minute * A_MINUTE for minute in range(1, 180)]
    assert not any(fails("ocpizza-watchdog.service", at) for at in minutes)
    assert fails("ocpizza-backup.service", minutes[-1])
    assert fails("ocpizza-watchdog.service", minutes[-1] + AN_HOUR)
    assert len(mailbox.received) == 3


def test_a_clock_that_was_set_back_silences_nothing(fails, mailbox):
    assert fails("ocpizza.service", NOW + timedelta(days=365))
    assert fails("ocpizza.service", NOW)


def test_one_that_did_not_leave_is_tried_again(fails, mailbox):
    mailbox.answers["DATA"] = "451 later"
    with pytest.raises(NotTold, match="451 at DATA"):
        fails("ocpizza.service", NOW)
    mailbox.answers.clear()
    assert fails("ocpizza.service", NOW + A_MINUTE)


def test_a_disk_that_takes_nothing_silences_nothing(watched, mailbox):
    """Not even the mark can be written where a file is in the way of its folder."""
    (watched["folders.state"] / "incidents").write_text("")
    for minute in range(2):
        assert tell_failure(watched, "ocpizza.service", NOW + minute * A_MINUTE)
    assert len(mailbox.received) == 2


def test_whoever_sets_a_mail_server_late_is_told_at_once(watched, mailbox):
    assert not tell_failure(watched | {"mail.host": ""}, "ocpizza.service", NOW)
    assert tell_failure(watched, "ocpizza.service", NOW + A_MINUTE)


def test_what_the_server_says_of_the_address_is_not_repeated(fails, mailbox):
    mailbox.refused["exploitation@example.org"] = "550 5.1.1 <exploitation@example.org>: unknown"
    with pytest.raises(NotTold) as refusal:
        fails("ocpizza.service", NOW)
    assert str(refusal.value) == "nobody could be told: 550 5.1.1 at RCPT"


def test_nobody_is_told_where_nobody_is_named(mail_settings, mailbox):
    mail_settings["folders.state"].mkdir()
    assert not tell_failure(mail_settings, "ocpizza.service", NOW)
    assert mailbox.received == []


def test_a_unit_of_a_template_is_one_of_its_own(fails, mailbox):
    assert fails("ocpizza-cyclic-update@city_002.service", NOW)
    assert fails("ocpizza-cyclic-update@city_003.service", NOW)
    assert not fails("ocpizza-cyclic-update@city_002.service", NOW + A_MINUTE)


@pytest.mark.parametrize(
    "unit",
    ["", "../session.key", "ocpizza/x", "OCPIZZA", "-rf", "a b", "a\n", "a@../x.service", "a@.x"],
)
def test_what_is_no_unit_is_refused(fails, mailbox, unit):
    with pytest.raises(NotTold, match="no unit"):
        fails(unit, NOW)
    assert mailbox.received == []


def test_every_unit_of_ours_tells_its_failures():
    for path in [*UNITS.glob("ocpizza*"), *UNITS.glob("nginx*/*.conf")]:
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(path)
        told = unit["Unit"].get("OnFailure")
        itself = path.name == "ocpizza-failed@.service"
        assert told == (None if itself else "ocpizza-failed@%n.service"), path
