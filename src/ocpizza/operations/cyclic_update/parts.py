"""A run has parts, each with an end of its own: one that fails keeps none of the others back."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ocpizza import error_reports
from ocpizza.operations.job_runs import words
from ocpizza.outage import is_unreachable

Changes = dict[str, int]
# What changed, and what there is to say besides.
Done = tuple[Changes, str]
# A name, and what is done; it returns what changed, what there is to say instead, or both.
Work = tuple[str, Callable[[], Changes | str | Done]]
log = structlog.get_logger()


@dataclass(frozen=True)
class Part:
    """One thing that was done: how many of what changed, and why it failed if it did.

    `says` is what no count tells.
    """

    name: str
    changes: Changes = field(default_factory=dict)
    error: str = ""
    says: str = ""

    def __str__(self) -> str:
        said = [f"{what} {count}" for what, count in self.changes.items()]
        said += [self.says] if self.says else []
        return f"{self.name}: {self.error or '; '.join(said) or 'nothing changed'}"


class PartFailed(Exception):
    """A part did not come to its end; the message says why, `changes` what it did before."""

    def __init__(self, why: str, changes: Changes | None = None) -> None:
        super().__init__(why)
        self.changes = changes or {}


def attempt(name: str, act: Callable[[], Changes | str | Done]) -> Part:
    """Do a part; what fails is in it. A database that is gone fails all of them: it is raised."""
    try:
        done = act()
    except PartFailed as failure:
        error_reports.tell_unseen(failure, part=name)
        return Part(name, _some(failure.changes), str(failure))
    except SQLAlchemyError as error:
        if is_unreachable(error):
            raise
        error_reports.tell_unseen(error, part=name)
        return Part(name, error=words(error))
    except Exception as error:
        # Nobody foresaw it: the journal says where.
        log.error("a part of the cyclic update failed", part=name, exc_info=error)
        return Part(name, error=words(error))
    if isinstance(done, str):
        return Part(name, says=done)
    changes, says = done if isinstance(done, tuple) else (done, "")
    return Part(name, _some(changes), says=says)


def _some(changes: Changes) -> Changes:
    return {what: count for what, count in changes.items() if count}
