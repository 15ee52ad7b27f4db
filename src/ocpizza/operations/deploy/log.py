"""deploy_logs: one line an event, what caused an error on the lines after it."""

import contextlib
import fcntl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self

from ocpizza.domain.hours import PARIS


class LogError(Exception):
    """The log cannot be written, or another deployment is writing it; the message says why."""


class DeployLog:
    """The open log; what is written is also said on the screen. Raises LogError."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self.path, self.say = path, say

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("a", encoding="utf-8", buffering=1)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.file.close()
            raise LogError("another deployment is at work; wait until it is done") from error
        return self

    def __exit__(self, *_: object) -> None:
        # Every line was flushed; one that could not be has been told already.
        with contextlib.suppress(OSError):
            self.file.close()

    def step(self, number: int, name: str) -> None:
        """Begin a step."""
        self._write(f"# Step {number} : {name}")

    def correct(self, event: str, *notes: str) -> None:
        """An event that went well; notes are for who reads."""
        self._event(event, "CORRECT", notes)

    def error(self, event: str, *causes: str) -> None:
        """An event that failed, and why."""
        self._event(event, "ERROR", causes)

    def _event(self, event: str, outcome: str, lines: tuple[str, ...]) -> None:
        text = f"{event} > {outcome}"
        more = [f"    {line}" for line in lines]
        for line in (f"  {text}", *more):
            self.say(line)
        now = datetime.now(PARIS)
        stamp = f"{now:%Y-%m-%d_%H-%M-%S}-{now.microsecond // 1000:03}"
        self._put("\n".join((f"{stamp} : {text}", *more)))

    def _put(self, text: str) -> None:
        try:
            self.file.write(text + "\n")
            self.file.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def _write(self, line: str) -> None:
        self.say(line)
        self._put(line)

    def _unwritable(self, error: OSError) -> LogError:
        return LogError(
            f"cannot write {self.path}: {error.strerror}; mend that, then: ocpizza deploy"
        )
