"""How much is reported: an error that comes a thousand times says nothing new."""

import time
from collections import Counter
from collections.abc import Hashable
from threading import Lock

SECONDS = 600.0
EACH, ALL = 5, 50


class Flood:
    """Lets through so many of a kind, and so many in all, in each stretch of ten minutes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends, self._seen = 0.0, Counter[Hashable]()

    def passes(self, kind: Hashable) -> bool:
        """Return whether one more of this kind is to be reported."""
        with self._lock:
            now = time.monotonic()
            if now >= self._ends:
                self._ends = now + SECONDS
                self._seen.clear()
            if self._seen[kind] >= EACH or self._seen.total() >= ALL:
                return False
            self._seen[kind] += 1
            return True
