"""A small shop that sells, is saved and restored; and ways to fail while it is."""

import os
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from factories import NOON, make_pizzeria, order_of, the_pizzeria
from ocpizza.db import make_engine
from ocpizza.models.picture import Picture
from ocpizza.operations.backup.make import Made, back_up
from ocpizza.operations.backup.restore import Restored, restore
from ocpizza.operations.backup.stages import Stages
from ocpizza.settings import Settings

KILLED = 9
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Shop:
    """Its database, its settings, and the folder of its archives."""

    engine: Engine
    settings: Settings
    config: Path

    @property
    def archives(self) -> Path:
        return self.settings["folders.backups"]

    def open(self) -> None:
        with Session(self.engine) as session, session.begin():
            known = {"sha256": "0" * 64, "media_type": "image/webp", "uploaded_at": NOON}
            photo = Picture(**known, content=bytes(range(256)), small=b"\0\xff'\\")
            make_pizzeria(session).products["margherita"].picture = photo
        self.sell()

    def sell(self, now: datetime | None = None, **values: Any) -> int:
        """Commit another order; gives its id."""
        # By connections of its own, for it may be while the shop is saved or restored.
        other = make_engine(self.engine.url.render_as_string(hide_password=False), 1)
        with Session(other) as session, session.begin():
            placed = order_of(session, the_pizzeria(session), now=now or NOON, **values)
            id = placed.id
        other.dispose()
        return id

    def rows(self) -> Rows:
        """Every row of every table."""
        return rows_of(self.engine)

    def previous_rows(self, name: str) -> Rows:
        """Of what a restoration replaced."""
        if self.engine.dialect.name == "sqlite":
            return rows_of(make_engine(f"sqlite:///{name}"))
        return rows_of(self.engine, name.removeprefix("schema "))

    def back_up(self, stages: Stages | None = None, **settings: Any) -> Made:
        known = self.settings | settings
        return back_up(self.engine, known, self.config, stages or Stages())

    def restore(self, archive: Path, stages: Stages | None = None, **options: Any) -> Restored:
        self.engine.dispose()
        now = datetime.now(UTC)
        with archive.open("rb") as file:
            try:
                return restore(self.engine, self.settings, file, now, stages or Stages(), **options)
            finally:
                self.engine.dispose()

    def dies(self, act: Callable[["Shop", Stages], Any], stage: str, when: str) -> None:
        """Do something in a process of its own that is killed at this stage."""
        self.engine.dispose()
        child = os.fork()
        if child == 0:
            try:
                url = self.engine.url.render_as_string(hide_password=False)
                act(Shop(make_engine(url, 1), self.settings, self.config), Dying(stage, when))
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED

    def left_over(self) -> list[str]:
        """What there is beside the database and the archives: nothing, one hopes."""
        found = [path.name for path in self.archives.glob(".*") if path.name != ".lock"]
        if self.engine.dialect.name == "sqlite":
            live = Path(self.engine.url.database)
            usual = {live.name + suffix for suffix in ("", "-wal", "-shm")}
            near = {path.name for path in live.parent.glob(f"*{live.name}*")}
            return sorted(found) + sorted(near - usual)
        with self.engine.connect() as connection:
            names = inspect(connection).get_schema_names()
        self.engine.dispose()
        return sorted(found) + sorted(set(names) - {"information_schema", "public"})


class Dying(Stages):
    """A process that is killed at a stage: before it, within or after."""

    def __init__(self, stage: str, when: str) -> None:
        self._stage, self._when = stage, when

    @contextmanager
    def stage(self, name: str, length: int = 0):
        def advance() -> None:
            if name == self._stage and self._when == "within":
                os._exit(KILLED)

        if name == self._stage and self._when == "before":
            os._exit(KILLED)
        yield advance
        if name == self._stage:
            os._exit(KILLED)


class Acting(Stages):
    """Somebody else does something at the beginning of every stage."""

    def __init__(self, act: Callable[[str], None]) -> None:
        self._act = act
        self.seen: list[str] = []

    @contextmanager
    def stage(self, name: str, length: int = 0):
        self.seen.append(name)
        self._act(name)
        yield lambda: None


def times(stages: Sequence[str], within: Sequence[str]) -> list[tuple[str, str]]:
    """(stage, when) of every kill: after one is before the next; `within` those that advance."""
    ends = [(stage, "before") for stage in stages] + [(stages[-1], "after")]
    return ends + [(stage, "within") for stage in within]


def rows_of(engine: Engine, schema: str | None = None) -> Rows:
    """By table, in an order that depends on nothing but the rows."""
    place = f'"{schema}".' if schema else ""
    with engine.connect() as connection:
        read = {
            name: connection.execute(text(f'SELECT * FROM {place}"{name}"')).all()
            for name in inspect(connection).get_table_names(schema=schema)
        }
    engine.dispose()
    return {name: sorted((tuple(row) for row in found), key=repr) for name, found in read.items()}
