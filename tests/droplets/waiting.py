"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable


def wait_until(
    condition: Callable[[], object], seconds: float, what: str = "", *, every: float = 0.02
) -> object:
    """What `condition` gives once it is true; after `seconds`, TimeoutError naming `what`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what or condition}")
        time.sleep(every)
    return value
