"""What `ocpizza status` says of mail."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from factories import make_pizzeria, order_of
from ocpizza.operations.status.outbox import WORKER, mail
from ocpizza.operations.status.row import Row
from ocpizza.services.outbox.send import NotSent, send_next


@pytest.mark.parametrize(("minutes", "in_time"), [(1, True), (20, False)])
def test_mail_may_wait_a_quarter_of_an_hour(settings, committed_database, minutes, in_time):
    assert mail(settings) == Row("mail", True, "nothing waits")
    placed_at = datetime.now(UTC) - timedelta(minutes=minutes)
    with Session(committed_database) as session, session.begin():
        order_of(session, make_pizzeria(session), email="julia@example.org", now=placed_at)
    says = f"1 waiting, the oldest for {minutes} min"
    do = "" if in_time else f": {WORKER}"
    assert mail(settings) == Row("mail", in_time, f"{says}{do}")


@pytest.mark.parametrize(("days", "shown"), [(0, True), (6, True), (8, False)])
def test_mail_that_was_given_up_is_seen_for_a_week_without_its_address(
    settings, committed_database, days, shown
):
    ended_at = datetime.now(UTC) - timedelta(days=days)
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        for _ in range(2):
            order_of(session, pizzeria, email="julia@example.org", now=ended_at)

        def refuse(_mail):
            raise NotSent("refused: julia@example.org", final=True)

        while send_next(session, refuse, ended_at):
            pass
    says = "; 2 given up this week, the last: refused" if shown else ""
    assert mail(settings) == Row("mail", True, f"nothing waits{says}")


def test_a_server_that_refuses_us_is_told_with_what_to_do(settings, committed_database):
    now = datetime.now(UTC)
    with Session(committed_database) as session, session.begin():
        order_of(session, make_pizzeria(session), email="julia@example.org", now=now)

        def refuse(_mail):
            raise NotSent("535 at AUTH: julia@example.org", final=False, by_relay=True)

        assert send_next(session, refuse, now)
    row = mail(settings)
    assert not row.well
    assert row.says.startswith(f"the mail server refuses our mail since {now:%Y-%m-%d %H:%M} UTC")
    assert "(535 at AUTH); 1 waiting, the oldest for 0 min: mend [mail] in ocpizza.ini" in row.says
    assert "julia" not in row.says
