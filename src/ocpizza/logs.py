"""What we write into logs, and how: a line of JSON each, on standard error, without secrets.

Everything passes here: our own lines, those of libraries, gunicorn's, and whatever ends a command.
On a terminal the same is written for people; what the security log says of a command that is run
there goes to the journal as well.
"""

import json
import logging
import os
import sys
import syslog
import threading
from collections.abc import Callable
from contextlib import suppress

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from ocpizza.without_secrets import clean, describe_error, without_secrets

SECURITY, COMMAND_LINE = "security", "command line"
# Whoever types a command knows these.
KNOWN_ON_TERMINALS = ("event", "action", "result", "role", "from", "user", "level", "timestamp")
ERRORS = ("error", "critical")
# Who else hears of errors: the line as it was written, secrets and all.
_listener: Callable[[EventDict], None] | None = None


def write_logs() -> None:
    """Have everything in this process written as above."""
    structlog.configure(
        processors=[*PROCESSORS, _renderer()],
        logger_factory=lambda *_: _StandardError(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    handler = _Handler()
    handler.setFormatter(formatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    sys.excepthook = lambda _type, error, _trace: _tell_end(error)
    threading.excepthook = lambda thread: _tell_end(thread.exc_value)


def tell_errors_to(listener: Callable[[EventDict], None] | None) -> None:
    """Have lines that tell of an error heard by `listener` too, and by it alone."""
    global _listener
    _listener = listener


def formatter() -> logging.Formatter:
    """Return the same for lines of the standard library's logging."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=PROCESSORS,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
    )


def _tell_end(error: BaseException | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    structlog.get_logger().critical("ended by an error", exc_info=error)


def _tell_errors(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if _listener and event.get("level") in ERRORS:
        _listener(event)
    return event


def _write_errors(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = describe_error(error)
    return event


def _hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    told = event.pop("exception", None)
    hidden: EventDict = without_secrets(event)
    return {**hidden, "exception": told} if told else hidden


def _copy_to_journal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What a command did is in the journal, whoever reads standard error."""
    said_by = (event.get("event"), event.get("from"))
    if said_by == (SECURITY, COMMAND_LINE) and not _writes_into_journal():
        syslog.openlog("ocpizza", syslog.LOG_PID, syslog.LOG_AUTHPRIV)
        syslog.syslog(syslog.LOG_INFO, _as_json(None, "", event))
    return event


def _writes_into_journal() -> bool:
    """Whether systemd has connected our standard error with the journal (systemd.exec(5))."""
    with suppress(OSError):
        error = os.fstat(2)
        return os.environ.get("JOURNAL_STREAM") == f"{error.st_dev}:{error.st_ino}"
    return False


PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _tell_errors,
    _write_errors,
    _hide_secrets,
    _copy_to_journal,
]


def _renderer() -> Processor:
    return _for_people if sys.stderr.isatty() else _as_json


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return clean(json.dumps(event, ensure_ascii=False, default=str))


def _for_people(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Return a plain line of what the security log says, and the rest as developers read it."""
    if event.get("event") != SECURITY:
        told: str = structlog.dev.ConsoleRenderer()(logger, method, event)
        return told
    facts = [f"{name} {event[name]}" for name in event if name not in KNOWN_ON_TERMINALS]
    action = str(event.get("action")).replace("_", " ")
    return clean(f"{', '.join([action, *facts])}: {event.get('result')}")


class _StandardError:
    """Writes lines to whatever standard error is at that moment."""

    def msg(self, message: str) -> None:
        # In one piece: other threads and processes write there, too.
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()

    log = debug = info = warning = error = critical = fatal = exception = msg


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _StandardError().msg(self.format(record))
