"""Timers' and administrators' jobs on one of the databases, each in a process of its own.

`python -m at_size.jobs NAME CONFIG` does one of them, as of the moment when all were measured.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF
from threading import Event

import time_machine
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from at_size.house import House
from at_size.meter import Meter
from load import cpu_ms
from ocpizza.db import make_engine, read_only
from ocpizza.metrics.questions import QUESTIONS
from ocpizza.operations.backup.make import back_up
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.check import check_database
from ocpizza.operations.cyclic_update.local_work import local_work
from ocpizza.operations.status.clocks import as_the_database_knows
from ocpizza.operations.status.outbox import waiting_mail
from ocpizza.operations.status.stuck_payments import stuck
from ocpizza.operations.tidy import tidy
from ocpizza.operations.work import Worker
from ocpizza.payments import make_gateway
from ocpizza.payments.reconcile import reconcile
from ocpizza.settings import Settings, load_settings
from size.generate import MOMENT

Job = Callable[[Engine, Settings, Path], object]
HERE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Done:
    """What a job cost, and how much more memory its process had at most."""

    app_ms: float
    database_ms: float
    blocks: int
    megabytes: float


def _check(engine: Engine, _settings: Settings, _config: Path) -> None:
    problems = [*check_database(engine)]
    if problems:
        raise SystemExit("\n".join(problems[:20]))


def _part(name: str, engine: Engine, settings: Settings, _config: Path) -> None:
    dict(local_work(engine, settings, MOMENT))[name]()


def _tidy(engine: Engine, settings: Settings, _config: Path) -> None:
    def in_transaction(task: Callable[[Session], int]) -> int:
        with Session(engine) as session, session.begin():
            return task(session)

    tidy(in_transaction, settings, MOMENT)


def _reconcile(engine: Engine, settings: Settings, _config: Path) -> None:
    list(reconcile(engine, make_gateway(settings), MOMENT))


def _work(engine: Engine, settings: Settings, _config: Path) -> None:
    worker = Worker(engine, settings, Event())
    worker.tidied_at = MOMENT
    worker.work_once(MOMENT)
    worker.settle_once(MOMENT)


def _figures(engine: Engine, _settings: Settings, _config: Path) -> None:
    with read_only(engine).connect() as connection:
        for question in QUESTIONS:
            list(question(connection, MOMENT))


def _status(engine: Engine, _settings: Settings, _config: Path) -> None:
    with read_only(engine).connect() as connection:
        waiting_mail(connection)
        stuck(connection)
        as_the_database_knows(connection)


def _back_up(engine: Engine, settings: Settings, config: Path) -> None:
    back_up(engine, settings, config, Stages(), wait=False)


JOBS: dict[str, Job] = {
    "status": _status,
    "figures for Prometheus": _figures,
    "the worker, once": _work,
    "tidying up": _tidy,
    "payments reconcile": _reconcile,
    "days closed, of a month": partial(_part, "closed days"),
    "backup": _back_up,
    "check": _check,
}


def measured(name: str, house: House, meter: Meter, postmaster: int) -> Done:
    """Do a job in a process of its own."""
    blocks, database_ms = meter.blocks(), cpu_ms(postmaster)
    command = [sys.executable, "-m", "at_size.jobs", name, str(house.config)]
    path = f"{HERE}:{HERE.parent / 'tests'}"
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": path}, check=True, stdout=subprocess.PIPE
    )
    # Whatever else it said stands before.
    said = json.loads(done.stdout.splitlines()[-1])
    return Done(
        said["app_ms"],
        cpu_ms(postmaster) - database_ms,
        meter.blocks() - blocks,
        said["megabytes"],
    )


def main(name: str, config: str) -> None:
    """Do it, and say what it cost beyond what was loaded before; programs that it ran included."""
    settings = load_settings(Path(config), environment={})
    engine = make_engine(settings["database.url"])
    before = _used()
    with time_machine.travel(MOMENT, tick=True):
        JOBS[name](engine, settings, Path(config))
    after = _used()
    used = {key: after[key] - before[key] for key in before}
    print(json.dumps(used))


def _used() -> dict[str, float]:
    own, others = (resource.getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    seconds = sum(each.ru_utime + each.ru_stime for each in (own, others))
    return {"app_ms": 1000 * seconds, "megabytes": own.ru_maxrss / 1024}


if __name__ == "__main__":
    main(*sys.argv[1:])
