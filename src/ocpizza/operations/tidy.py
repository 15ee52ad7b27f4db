"""What `ocpizza work` tidies up every hour: what nobody needs any more, a few at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.db import reason
from ocpizza.live.forget import forget_changes
from ocpizza.outage import is_outage
from ocpizza.security.staff_idle import staff_idle
from ocpizza.services.account.devices import forget_devices
from ocpizza.services.account.half_sign_in import forget_half_sign_ins
from ocpizza.services.account.kept_forms import forget_kept_forms
from ocpizza.services.account.links import forget_old_links
from ocpizza.services.account.sign_in_attempts import forget_old_attempts
from ocpizza.services.account.sign_in_sessions import forget_ended_sessions
from ocpizza.services.basket.basket import forget_old_baskets
from ocpizza.services.catalogue.exceptional_days import forget_past_days
from ocpizza.services.catalogue.product_photo import forget_replaced_photos
from ocpizza.services.order.taps import forget_old_taps
from ocpizza.services.order.unpaid import forget_networks
from ocpizza.services.outbox.purge import forget_account_mail, forget_old_mail, forget_recipients
from ocpizza.services.payment.webhook import forget_old_events
from ocpizza.services.privacy.retention import (
    announce_erasures,
    erase_old_orders,
    erase_unconfirmed_accounts,
    erase_unused_accounts,
)
from ocpizza.services.rate_limits import forget_uses
from ocpizza.settings import Settings

Task = Callable[[Session], int]
# Of each task; what is left waits for the next hour, so that mail does not wait longer than this.
MAX_ROUNDS = 20
log = structlog.get_logger()


@dataclass
class Tidied:
    """How often each task was of use, and which of them failed, with the reason."""

    done: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def tidy(in_transaction: Callable[[Task], int], settings: Settings, now: datetime) -> Tidied:
    """Do every task, each round in a transaction of its own; log and return what was done."""
    tidied = Tidied()
    for said, task in _tasks(settings, now):
        try:
            done = _do(in_transaction, task)
        except SQLAlchemyError as error:
            if is_outage(error):
                # The others would fail as well.
                raise
            # Neither the other tasks nor mail may wait for it.
            log.error("failed to tidy up", task=said, reason=reason(error))
            tidied.failed.append(f"{said}: {reason(error)}")
            continue
        if done:
            log.info(said, count=done)
            tidied.done[said] = done
    return tidied


def _do(in_transaction: Callable[[Task], int], task: Task) -> int:
    done = 0
    for _round in range(MAX_ROUNDS):
        more = in_transaction(task)
        done += more
        if not more:
            break
    return done


def _tasks(settings: Settings, now: datetime) -> Iterator[tuple[str, Task]]:
    def bound(act: Callable[..., int], *values: Any) -> Task:
        return lambda session: act(session, now, *values)

    unused = settings["privacy.account_days"]
    yield (
        "forgot baskets that nobody used",
        bound(forget_old_baskets, settings["session.days"]),
    )
    yield "forgot tries at passwords", bound(forget_old_attempts)
    yield "forgot links that expired", bound(forget_old_links)
    yield "forgot sessions that ended", bound(forget_ended_sessions, staff_idle(settings))
    yield "forgot devices of days that are over", bound(forget_devices)
    yield "forgot sign-ins that were not completed", bound(forget_half_sign_ins)
    yield "forgot what was typed and nobody came back for", bound(forget_kept_forms)
    yield "forgot counts of what is limited", bound(forget_uses)
    yield "forgot exceptional days long over", bound(forget_past_days)
    yield "forgot photos that were replaced", bound(forget_replaced_photos)
    yield "forgot what drivers pressed long ago", bound(forget_old_taps)
    yield "forgot changes that pages were told of", bound(forget_changes)
    yield "forgot where unpaid orders came from", bound(forget_networks)
    yield "forgot mail about accounts", bound(forget_account_mail)
    yield "forgot recipients of old mail", bound(forget_recipients)
    yield "forgot mail of long ago", bound(forget_old_mail)
    yield "forgot events of Stripe's", bound(forget_old_events)
    yield (
        "erased the customers of old orders",
        bound(erase_old_orders, settings["privacy.order_days"]),
    )
    yield "announced the erasure of unused accounts", bound(announce_erasures, unused)
    yield "erased unused accounts", bound(erase_unused_accounts, unused)
    yield (
        "erased accounts that were never confirmed",
        bound(erase_unconfirmed_accounts, settings["privacy.unconfirmed_days"]),
    )
