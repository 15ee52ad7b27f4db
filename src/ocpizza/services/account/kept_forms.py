"""What somebody typed in a form that was refused until they show again who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.models.account import AccountStatus
from ocpizza.models.kept_form import KeptForm
from ocpizza.services.locks import lock_account

KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form, in their order; the page that has it, and the path it is sent to."""

    page: str
    target: str
    fields: Sequence[tuple[str, str]]


def keep_form(session: Session, account_id: int, typed: Typed, now: datetime) -> None:
    """Keep it for an account for an hour, in place of what was kept before."""
    account = lock_account(session, account_id)
    if account.status is not AccountStatus.ACTIVE:
        return
    drop_form(session, account_id)
    fields = [list(field) for field in typed.fields]
    kept = KeptForm(page=typed.page, target=typed.target, fields=fields, kept_at=now)
    kept.account_id = account_id
    session.add(kept)
    session.flush()


def find_form(session: Session, account_id: int, now: datetime) -> Typed | None:
    """Return what is kept for an account."""
    mine = select(KeptForm).where(KeptForm.account_id == account_id, KeptForm.kept_at > now - KEPT)
    found = session.scalars(mine).one_or_none()
    if found is None:
        return None
    return Typed(found.page, found.target, [(name, value) for name, value in found.fields])


def drop_form(session: Session, account_id: int) -> None:
    """Keep nothing for an account any more."""
    gone = delete(KeptForm).where(KeptForm.account_id == account_id)
    session.execute(gone.execution_options(synchronize_session=False))


def forget_kept_forms(session: Session, now: datetime) -> int:
    """Delete what nobody came back for; return how many."""
    old = delete(KeptForm).where(KeptForm.kept_at <= now - KEPT)
    return rows_changed(session, old.execution_options(synchronize_session=False))
