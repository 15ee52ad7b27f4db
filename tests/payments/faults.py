"""What may go wrong at one call to Stripe: there, on the way, or with the process that calls."""

import os
from collections.abc import Callable
from datetime import datetime

from ocpizza.db import make_engine
from ocpizza.payments.gateway import Gateway
from ocpizza.payments.settle import settle
from payments.till import Till

KILLED = 9
AT_STRIPE = ("before", "after", "slow", "nonsense", "error", "busy")
KILLS = ("killed before", "killed after")


class Dying:
    """A gateway whose process dies before or after one of its calls has acted."""

    def __init__(self, gateway: Gateway, call: str, when: str) -> None:
        self._gateway, self._call, self._when = gateway, call, when

    def __getattr__(self, name: str) -> Callable:
        act = getattr(self._gateway, name)

        def dying(*arguments):
            if name == self._call and self._when == "killed before":
                os._exit(KILLED)
            answer = act(*arguments)
            if name == self._call:
                os._exit(KILLED)
            return answer

        return dying


def settle_in_a_dying_process(
    till: Till, payment_id: int, call: str, when: str, now: datetime
) -> None:
    """Settle in a process of its own that is killed at this call."""
    url = till.engine.url.render_as_string(hide_password=False)
    child = os.fork()
    if child == 0:
        try:
            settle(make_engine(url), Dying(till.gateway, call, when), payment_id, now)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
