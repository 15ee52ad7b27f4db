"""Take steps one after the other, and say and log how each event went."""

from collections.abc import Callable, Iterable, Sequence

from ocpizza import error_reports
from ocpizza.operations.deploy.host import Event, Failed, Host, Waiting
from ocpizza.operations.deploy.log import DeployLog, LogError

OK, FAILED, NO_DATABASE = 0, 1, 75  # 75: EX_TEMPFAIL of sysexits.h


def run_steps(
    steps: Sequence[tuple[str, Iterable[Event]]], host: Host, say: Callable[[str], None]
) -> int:
    """Gives the exit status; after a failure nothing more is tried."""
    path = host.settings["folders.logs"] / "deploy_logs"
    try:
        with DeployLog(path, say) as log:
            for number, (name, events) in enumerate(steps, 1):
                log.step(number, name)
                for event in events:
                    _take(event, host, log)
    except LogError as error:
        say(f"Error: {error}")
        return FAILED
    except Waiting:
        return NO_DATABASE
    except Failed as failure:
        error_reports.tell_unseen(failure)
        say(
            f"Error: not everything is in place; mend the cause, then: ocpizza deploy (log: {path})"
        )
        return FAILED
    return OK


def _take(event: Event, host: Host, log: DeployLog) -> None:
    name = event_name(event)
    try:
        note = event(host)
    except Failed as failure:
        log.error(name, *failure.args)
        raise
    except OSError as error:
        log.error(name, str(error))
        raise Failed from error
    log.correct(name, *([note] if note else []))


def event_name(event: Event) -> str:
    """« Role-present » for the function `role_present`."""
    return event.__name__.replace("_", "-").capitalize()
