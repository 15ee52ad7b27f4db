"""The security log: who did what, from where, with what result. A line of JSON in the journal each.

Nobody is named: accounts by their number, addresses as networks. What changes something is told
once its transaction is committed, so that what was rolled back never happened; what was refused is
told at once. Texts of visitors have no place in it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

import structlog

log = structlog.get_logger()


class Action(StrEnum):
    """What somebody did, or tried to do."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_OUT_EVERYWHERE = "sign_out_everywhere"
    SESSION_ENDED = "session_ended"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_ERASED = "account_erased"
    MANAGER_CREATED = "manager_created"
    STAFF_CHANGED = "staff_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a name)
    PASSWORD_CHECK = "password_check"  # noqa: S105
    EMAIL_CONFIRMED = "email_confirmed"
    EMAIL_CHANGED = "email_changed"
    WAY_LINKED = "sign_in_way_linked"
    WAY_REMOVED = "sign_in_way_removed"
    SECOND_FACTOR_CHECK = "second_factor_check"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    QUICK_SWITCH = "quick_switch"
    QUICK_CODE_SET = "quick_code_set"
    LINK_ASKED = "link_asked"
    LINK_USED = "link_used"
    LIMIT = "limit"
    ACCESS = "access"
    CROSS_SITE = "cross_site_post"
    REFUND = "refund"


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    LIMITED = "limited"


# Who is acting and from where, asked when a line is written: the web and the commands say it.
_who: ContextVar[Callable[[], dict[str, Any]]] = ContextVar("who")


def by_itself() -> dict[str, Any]:
    """Nobody asks: the worker, or what the site does later."""
    return {"account": None, "role": None, "from": "ocpizza"}


def act_as(who: Callable[[], dict[str, Any]]) -> None:
    """From now on, in this thread, lines are about what `who` gives."""
    _who.set(who)


def tell(action: Action, result: Result, **facts: Any) -> None:
    """Write a line now: for what was refused, or failed."""
    log.info("security", action=str(action), result=str(result), **_who.get(by_itself)() | facts)
