"""A line of the log as an event for Sentry: where, in which version, what kind of error.

It is made of what the program is made of, and of nothing that anybody sent, typed or stored.
"""

import logging
import platform
import re
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

from ocpizza.error_reports.program_text import is_written_in, what_it_says
from ocpizza.without_secrets import chain

Event = dict[str, Any]
LEVELS = {"error": "error", "critical": "fatal"}
# Facts of a line that leave: codes and names of ours, never a text.
TAGS = ("error_id", "route", "restaurant", "part")
TAG = re.compile(r"[\w. -]{1,60}", re.ASCII)
MODULE = re.compile(r"\w+(\.\w+)*", re.ASCII)
# Whoever writes a line passes through these.
LOGGING = ("structlog", "logging", "ocpizza.logs", "ocpizza.error_reports", "gunicorn.glogging")
# A recursion without end need not be told to its end; its beginning helps.
FIRST_FRAMES, LAST_FRAMES, MAX_CAUSES = 20, 40, 5

# What this thread is about: the page's route, its restaurant.
about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039  (never changed)


def make_event(line: Mapping[str, Any], task: str) -> Event:
    """Return the event for a line, or for an error that has none."""
    callers = list(_callers())
    error = _error_of(line)
    tags = {name: str(fact) for name, fact in (dict(about.get()) | dict(line)).items()}
    tags = {name: tags[name] for name in TAGS if TAG.fullmatch(tags.get(name, ""))}
    event: Event = {
        "event_id": uuid.uuid4().hex,
        "timestamp": datetime.now(UTC).isoformat(),
        "level": LEVELS.get(line.get("level", ""), "info"),
        "platform": "python",
        "transaction": tags.pop("route", task),
        "tags": tags,
        "contexts": {"runtime": {"name": "CPython", "version": platform.python_version()}},
    }
    if text := _text_of(line, callers):
        event["logentry"] = {"message": text}
    if error is not None:
        event["exception"] = {"values": [*_exceptions(error)]}
    return event


def _error_of(line: Mapping[str, Any]) -> BaseException | None:
    found = line.get("exc_info")
    found = sys.exc_info() if found is True else found
    found = found[1] if isinstance(found, tuple) else found
    return found if isinstance(found, BaseException) else None


def _callers() -> Iterator[FrameType]:
    """The frames that led to a line of the log, the nearest first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if not f"{frame.f_globals.get('__name__')}.".startswith(tuple(f"{n}." for n in LOGGING)):
            yield frame
        frame = frame.f_back


def _text_of(line: Mapping[str, Any], callers: list[FrameType]) -> str:
    """The line's text if it stands in the program as it is; otherwise where it was written."""
    if "event" not in line:
        return ""
    record = line.get("_record")
    text = record.msg if isinstance(record, logging.LogRecord) else line["event"]
    if is_written_in(text, (frame.f_code for frame in callers)):
        return str(text)
    return "{module}.{function}".format(**_frame(callers[0], 0)) if callers else ""


def _exceptions(error: BaseException) -> Iterator[Event]:
    """It and its causes, as Sentry wants them: the first cause first."""
    for each in reversed([*chain(error)][:MAX_CAUSES]):
        frames = [*_walk(each.__traceback__)]
        codes: list[CodeType] = [frame.f_code for frame, _ in frames]
        if len(frames) > FIRST_FRAMES + LAST_FRAMES:
            frames = frames[:FIRST_FRAMES] + frames[-LAST_FRAMES:]
        yield {
            "type": type(each).__qualname__,
            "module": type(each).__module__,
            "value": what_it_says(each, codes),
            "stacktrace": {"frames": [_frame(*frame) for frame in frames]},
        }


def _walk(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _frame(frame: FrameType, line: int) -> Event:
    code, module = frame.f_code, str(frame.f_globals.get("__name__"))
    file = _short(code.co_filename)
    return {
        "filename": file,
        # A template's is its path.
        "module": module if MODULE.fullmatch(module) else file,
        "function": code.co_qualname,
        "lineno": line,
        "in_app": file.startswith("ocpizza/"),
    }


def _short(file: str) -> str:
    """A file's path within what Python loads from; elsewhere its name alone."""
    roots = [root for root in sys.path if root and file.startswith(f"{root}/")]
    return file[len(max(roots, key=len)) + 1 :] if roots else Path(file).name
