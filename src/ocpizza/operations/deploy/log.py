"""deploy_logs: one line an event, what caused an error on the lines after it."""

import contextlib
import fcntl
import os
from datetime import datetime
from pathlib import Path
from typing import Self

from ocpizza.domain.hours import PARIS
from ocpizza.operations.screen import Screen, escaped

# Not the log itself: that one is renamed each month, and the next deployment opens another.
LOCK = ".deploy.lock"


class LogError(Exception):
    """The log cannot be written, or somebody else is writing it: why, and what to do."""

    def __str__(self) -> str:
        return "; ".join(self.args)

    @property
    def reason(self) -> str:
        """Return why, alone."""
        return str(self.args[0])


class DeployLog:
    """The open log; what is written is also said on the screen. Raises LogError."""

    def __init__(self, path: Path, say: Screen) -> None:
        self.path, self.say = path, say

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                lock = os.open(self.path.with_name(LOCK), os.O_CREAT | os.O_RDWR, 0o600)
                opened.callback(os.close, lock)
                # A name that is no text is written as far as it is.
                told = {"encoding": "utf-8", "errors": "backslashreplace"}
                self.file = self.path.open("a", buffering=1, **told)
            except OSError as error:
                raise self._unwritable(error) from error
            opened.callback(self._close)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                at_work = "another deployment or update is at work"
                raise LogError(at_work, "wait until it is done") from error
            self.opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.close()

    def _close(self) -> None:
        # Every line was flushed; one that could not be has been told already.
        with contextlib.suppress(OSError):
            self.file.close()

    def step(self, number: int, name: str) -> None:
        """Begin a step."""
        header = f"# Step {number} : {name}"
        self._write([header], [header])

    def begin(self, event: str) -> None:
        """An event is under way: some take a while. It is written when it has ended."""
        # Shorter than what will be said of it, so that nothing of this stays.
        self.say.begin(f"  {event} …")

    def correct(self, event: str, *notes: str) -> None:
        """An event that went well; notes are for who reads."""
        self._event(event, "CORRECT", notes)

    def error(self, event: str, *causes: str) -> None:
        """An event that failed, and why."""
        self._event(event, "ERROR", causes)

    def _event(self, event: str, outcome: str, lines: tuple[str, ...]) -> None:
        text = f"{event} > {outcome}"
        more = [f"    {escaped(line)}" for line in lines]
        now = datetime.now(PARIS)
        stamp = f"{now:%Y-%m-%d_%H-%M-%S}-{now.microsecond // 1000:03}"
        self._write([f"{stamp} : {text}", *more], [f"  {text}", *more])

    def _write(self, lines: list[str], said: list[str]) -> None:
        """The file first: whoever looks on may be gone. What it refuses is said all the same."""
        try:
            self.file.write("\n".join(lines) + "\n")
            self.file.flush()
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            for line in said:
                self.say(line)

    def _unwritable(self, error: OSError) -> LogError:
        reason = f"cannot write {self.path}: {error.strerror}"
        return LogError(reason, "mend that, then: ocpizza deploy")
