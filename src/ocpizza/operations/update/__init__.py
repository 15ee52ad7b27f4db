"""`ocpizza update`: components of a folder put over the program's own, all of them or none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.deploy.host import Host
from ocpizza.operations.deploy.run import run_steps
from ocpizza.operations.update import check, database, final, stage
from ocpizza.operations.update.resume import earlier_update_ended, nothing_interrupted
from ocpizza.operations.update.rollback import release_chosen
from ocpizza.operations.update.under_way import Update

Event = Callable[[Update], str | None]
Steps = Iterator[tuple[str, Iterable[Event]]]


def update(
    host: Host,
    folder: Path,
    now: datetime,
    say: Callable[[str], None],
    stages: Stages,
    *,
    dry_run: bool = False,
    again: bool = False,
) -> int:
    """Put the components of a folder in place, all of them or none; gives the exit status."""
    work = Update(host, now, folder, again=again, stages=stages)
    return _run(work, _tried(work) if dry_run else _whole(work), say)


def remove(host: Host, targets: Sequence[str], now: datetime, say: Callable[[str], None]) -> int:
    """Put a release without some components in place; gives the exit status."""
    work = Update(host, now, removed=[PurePosixPath(each) for each in dict.fromkeys(targets)])
    steps: Steps = iter(
        (
            ("CHECK", (earlier_update_ended, check.components_in_place)),
            ("RELEASE", stage.EVENTS),
            ("Final step", final.EVENTS),
        )
    )
    return _run(work, steps, say)


def roll_back(host: Host, now: datetime, say: Callable[[str], None]) -> int:
    """Put the release before in place, files only; gives the exit status."""
    work = Update(host, now)
    steps = iter((("CHECK", (earlier_update_ended, release_chosen)), ("Final step", final.EVENTS)))
    return _run(work, steps, say)


def resume(host: Host, now: datetime, say: Callable[[str], None]) -> int:
    """End an update that was interrupted; gives the exit status."""
    return _run(Update(host, now), iter((("CHECK", (earlier_update_ended,)),)), say)


def _whole(work: Update) -> Steps:
    """A generator, for whether the database changes is known once the folder was read."""
    yield "CHECK", (earlier_update_ended, *check.EVENTS)
    if work.changes:
        yield "DATABASE", (database.not_applied_before,)
    yield "RELEASE", stage.EVENTS
    if work.changes:
        yield "DATABASE", (database.changes_rehearsed, *database.EVENTS)
    yield "Final step", final.EVENTS


def _tried(work: Update) -> Steps:
    yield "CHECK", (nothing_interrupted, *check.EVENTS)
    yield "RELEASE", stage.EVENTS
    if work.changes:
        yield "DATABASE", (database.not_applied_before, database.changes_rehearsed)
    yield "Final step", (stage.release_unstaged,)


def _run(work: Update, steps: Steps, say: Callable[[str], None]) -> int:
    with work.held:
        return run_steps(steps, work, say, undo=_undo, advice=_advice)


def _undo(work: Update) -> Iterable[Event]:
    if work.switch is not None:
        return (final.earlier_release_back,)
    return (stage.release_unstaged,) if work.releases.leftovers else ()


def _advice(work: Update) -> str:
    if work.content_changed:
        return "its files are as they were, what SQL changed stays: take the SQL out, then again"
    return "the site is as it was; mend the cause, then the same command again"
