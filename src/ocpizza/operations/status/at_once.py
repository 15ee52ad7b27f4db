"""Questions in processes of their own: none hides the others, be it slow, hung or dead."""

import json
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Question = Callable[[], Any]
SECONDS = 20.0
# More would take the memory of a small machine.
AT_ONCE = 4


@dataclass(frozen=True)
class Unanswered:
    """A question that got no answer; `why` says what came of it."""

    why: str


@dataclass
class _Asked:
    number: int
    process: int
    pipe: int
    deadline: float
    heard: bytearray = field(default_factory=bytearray)
    answer: Any = None

    def is_done(self) -> bool:
        """Hear what there is; whether that is all."""
        piece = os.read(self.pipe, 65536)
        self.heard += piece
        whole = self.heard.endswith(b"\n")
        if piece and not whole:
            return False
        _, status = os.waitpid(self.process, 0)
        if whole:
            answer, failure = json.loads(self.heard)
            self.answer = Unanswered(failure) if failure else answer
        else:
            self.answer = Unanswered(f"its process ended with {os.waitstatus_to_exitcode(status)}")
        return True

    def give_up(self, seconds: float) -> None:
        """Whoever hangs in the kernel, as a dead mount makes one, ends later or never."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, os.WNOHANG)
        self.answer = Unanswered(f"no answer within {seconds:g} s")


def ask_all(questions: Sequence[Question], seconds: float = SECONDS) -> list[Any]:
    """Return the answer to each question, of what JSON knows, or Unanswered after `seconds`."""
    waiting = list(enumerate(questions))[::-1]
    asked: dict[int, _Asked] = {}
    answers: dict[int, Any] = {}
    while waiting or asked:
        while waiting and len(asked) < AT_ONCE:
            one = _ask(*waiting.pop(), seconds)
            asked[one.pipe] = one
        for one in _done(asked, seconds):
            answers[one.number] = one.answer
            os.close(asked.pop(one.pipe).pipe)
    return [answers[number] for number in range(len(questions))]


def _done(asked: dict[int, _Asked], seconds: float) -> list[_Asked]:
    """Wait until something is heard or one is overdue; return those that are done with."""
    soonest = min(one.deadline for one in asked.values())
    left = max(0.0, soonest - time.monotonic())
    ready, _, _ = select.select(list(asked), [], [], left)
    done = [asked[pipe] for pipe in ready if asked[pipe].is_done()]
    for one in asked.values():
        if one not in done and one.deadline <= time.monotonic():
            one.give_up(seconds)
            done.append(one)
    return done


def _ask(number: int, question: Question, seconds: float) -> _Asked:
    hears, says = os.pipe()
    process = os.fork()
    if process:
        os.close(says)
        return _Asked(number, process, hears, time.monotonic() + seconds)
    # Whatever fails, the child never goes on with what its parent does.
    try:
        _answer(question, says)
    finally:
        os._exit(0)


def _answer(question: Question, says: int) -> None:
    try:
        text = json.dumps((question(), ""))
    except BaseException as error:
        text = json.dumps((None, f"{type(error).__name__}: {error}"))
    with open(says, "w") as pipe:
        pipe.write(f"{text}\n")
