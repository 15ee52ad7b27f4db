"""Take steps one after the other, and say and log how each event went."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol, TypeVar

from ocpizza import error_reports
from ocpizza.operations.deploy.host import Failed, Waiting
from ocpizza.operations.deploy.log import DeployLog, LogError
from ocpizza.operations.screen import Screen
from ocpizza.settings import Settings

ADVICE = "not everything is in place; mend the cause, then: ocpizza deploy"
OK, FAILED, NO_DATABASE = 0, 1, 75  # 75: EX_TEMPFAIL of sysexits.h


class Subject(Protocol):
    """What events are about: a host, or an update of it."""

    @property
    def settings(self) -> Settings: ...


On = TypeVar("On", bound=Subject)


def run_steps(
    steps: Iterable[tuple[str, Iterable[Callable[[On], str | None]]]],
    host: On,
    say: Callable[[str], None],
    *,
    undo: Callable[[On], Iterable[Callable[[On], str | None]]] = lambda host: (),
    advice: Callable[[On], str] = lambda host: ADVICE,
) -> int:
    """Gives the exit status; after a failure nothing more is tried but what `undo` then gives.

    `advice` is for whoever reads of the failure.
    """
    path, say = host.settings["folders.logs"] / "deploy_logs", Screen(say)
    try:
        with DeployLog(path, say) as log:
            try:
                unlogged = _take_all(steps, host, log)
            except BaseException:
                for event in undo(host):
                    # A disk that is full is a reason to go back, not to stop on the way.
                    with suppress(LogError):
                        _take(event, host, log)
                raise
    except LogError as error:
        say(f"Error: {error}")
        return FAILED
    except Waiting:
        return NO_DATABASE
    except Failed as failure:
        error_reports.tell_unseen(failure)
        say(f"Error: {advice(host)} (log: {path})")
        return FAILED
    if unlogged:
        say(f"Warning: everything is done, only the log is missing its end: {unlogged.reason}")
    return OK


def _take_all(
    steps: Iterable[tuple[str, Iterable[Callable[[On], str | None]]]], host: On, log: DeployLog
) -> LogError | None:
    """Return what kept the very last line out of the log: nothing is left to do but that."""
    unlogged: LogError | None = None
    for number, (name, events) in enumerate(steps, 1):
        if unlogged:
            raise unlogged
        log.step(number, name)
        for event in events:
            if unlogged:
                raise unlogged
            unlogged = _take(event, host, log)
    return unlogged


def _take(event: Callable[[On], str | None], host: On, log: DeployLog) -> LogError | None:
    """Return what kept an event that went well out of the log."""
    name = event_name(event)
    log.begin(name)
    try:
        note = event(host)
    except Failed as failure:
        log.error(name, *failure.args)
        raise
    except OSError as error:
        log.error(name, str(error))
        raise Failed from error
    try:
        log.correct(name, *([note] if note else []))
    except LogError as error:
        return error
    return None


def event_name(event: Callable[[On], str | None]) -> str:
    """« Role-present » for the function `role_present`."""
    return event.__name__.replace("_", "-").capitalize()
