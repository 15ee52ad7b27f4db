"""A shop that is updated, and ways to kill it while it is."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Engine, delete, event, select
from sqlalchemy.orm import Session

from factories import make_pizzeria
from ocpizza.db import make_engine
from ocpizza.models.content_change import ContentChange
from ocpizza.models.product import Product
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.deploy.host import Host
from ocpizza.operations.update import remove, roll_back, update
from ocpizza.operations.update.change_database import change_database
from ocpizza.operations.update.releases import Releases, Switch
from ocpizza.operations.update.resume import earlier_update_ended
from ocpizza.operations.update.under_way import Update
from ocpizza.settings import Settings

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
KILLED = 9
LIGHT = ("ico", "jpg", "png", "pdf", "gif")


class ThisProcess(Host):
    """Runs our commands here: what is killed, is killed in the middle of them.

    The trial is seen in tests of its own.
    """

    def ocpizza(self, *arguments: str, timeout: float | None = None) -> str:
        if arguments[0] == "change-database":
            engine = make_engine(self.settings["database.url"], 1)
            if dies_at := getattr(self, "dies_at", None):
                dies_at.watch(engine)
            said = {"again": "--again" in arguments, "rehearse": "--rehearse" in arguments}
            changed = change_database(engine, Path(arguments[1]), NOW, **said)
            engine.dispose()
            return "\n".join(changed)
        return " ".join(arguments[:1])


@dataclass
class Updated:
    """Its database, its settings, and what was said of the last update."""

    engine: Engine
    settings: Settings
    config: Path
    work: Path
    host_class: type[Host] = ThisProcess
    said: list[str] = field(default_factory=list)
    now: datetime = NOW

    def open(self) -> None:
        with Session(self.engine) as session, session.begin():
            make_pizzeria(session)

    @property
    def releases(self) -> Releases:
        return Releases(self.settings["folders.overlay"])

    def folder(self, components: dict[str, bytes | str]) -> Path:
        """A folder that brings components, by their addresses without « OC_PIZZA. »."""
        folder = self.work / f"update-{len(list(self.work.iterdir()))}"
        folder.mkdir(0o755)
        lines: dict[str, list[str]] = {"light": [], "heavy": []}
        for number, (address, content) in enumerate(components.items()):
            extension = address.rsplit(".", 1)[1]
            name = f"component_{number}.{extension}"
            kind = "light" if extension in LIGHT else "heavy"
            if kind == "light":
                place, static, name, extension = address.split(".")
                name, address = f"{name}.{extension}", f"{place}.{static}.{extension}"
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            lines[kind].append(f"{name} = OC_PIZZA.{address}")
        controller = "".join(
            f"# {kind}_components\n" + "".join(f"{line}\n" for line in found)
            for kind, found in lines.items()
        )
        (folder / "controller.ini").write_text(controller)
        return folder

    def update(self, folder: Path, **options: Any) -> int:
        self.said.clear()
        self.now += A_MINUTE
        host = options.pop("host", None) or self.host_class(self.settings, self.config)
        return update(host, folder, self.now, self.said.append, Stages(), **options)

    def bring(self, components: dict[str, bytes | str], **options: Any) -> int:
        """Update by a folder that brings just that."""
        return self.update(self.folder(components), **options)

    def remove(self, *targets: str) -> int:
        self.said.clear()
        self.now += A_MINUTE
        host = self.host_class(self.settings, self.config)
        return remove(host, targets, self.now, self.said.append)

    def roll_back(self) -> int:
        self.said.clear()
        return roll_back(self.host_class(self.settings, self.config), self.now, self.said.append)

    def files(self) -> dict[str, bytes]:
        """What is in place."""
        current = self.releases.link
        return {
            path.relative_to(current.resolve()).as_posix(): path.read_bytes()
            for path in sorted(current.resolve().rglob("*"))
            if path.is_file() and path.name != "update.json"
        }

    def product_names(self) -> list[str]:
        with Session(self.engine) as session:
            return sorted(session.scalars(select(Product.name)))

    def changes(self) -> list[str]:
        with Session(self.engine) as session:
            return sorted(session.scalars(select(ContentChange.address)))

    def undo(self, names: list[str]) -> None:
        """Have everything be as before the last update, which added two words to each name."""
        last = self.releases.current
        assert self.roll_back() == 0
        self.releases.forget(str(last))
        with Session(self.engine) as session, session.begin():
            session.execute(delete(ContentChange))
            for product in session.scalars(select(Product)):
                product.name = product.name.removesuffix(" bis")
        assert self.product_names() == names

    def interrupt(self) -> None:
        """Leave an update that was killed once it had switched."""
        release = self.releases.stage(self.now, "1.0", {PurePosixPath("common/static/b.css"): b""})
        self.releases.begin(Switch(release, self.releases.current))
        self.releases.switch(release)

    def resume(self) -> None:
        """Do what whatever runs next does first."""
        earlier_update_ended(Update(self.host_class(self.settings, self.config), self.now))

    def left_over(self) -> list[str]:
        """What an update that was not ended leaves."""
        paths = (*self.releases.folder.glob(".*"), *self.releases.overlay.glob("unproved*"))
        return [path.name for path in paths]

    def dies(self, folder: Path, point: int) -> bool:
        """Update in a process that is killed before its nth change; whether it was."""
        self.engine.dispose()
        child = os.fork()
        if child == 0:
            try:
                host = self.host_class(self.settings, self.config)
                object.__setattr__(host, "dies_at", DiesAt(point, self.releases.overlay))
                os._exit(self.update(folder, host=host))
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self.now += A_MINUTE
        return status == KILLED


class DiesAt:
    """Kills the process before its nth change of the overlay, or beside a commit."""

    def __init__(self, point: int, overlay: Path) -> None:
        self._left, self._overlay = point, str(overlay)
        sys.addaudithook(self._heard)

    def watch(self, engine: Engine) -> None:
        """Have commits of this engine count, before and after."""
        event.listen(engine, "commit", lambda _: self._count())
        event.listen(engine, "engine_disposed", lambda _: self._count())

    def _heard(self, name: str, arguments: tuple[Any, ...]) -> None:
        if not CHANGES.get(name, nothing)(arguments):
            return
        path = str(arguments[0])
        # What is being staged is read by nobody: one moment of it is like another.
        if path.startswith(self._overlay) and "/releases/.2" not in path.rpartition("/")[0]:
            self._count()

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            os._exit(KILLED)


def nothing(_: tuple[Any, ...]) -> bool:
    return False


def anything(_: tuple[Any, ...]) -> bool:
    return True


def writing(arguments: tuple[Any, ...]) -> bool:
    return bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))


CHANGES: dict[str, Callable[[tuple[Any, ...]], bool]] = {
    "open": writing,
    "os.mkdir": anything,
    "os.rename": anything,
    "os.remove": anything,
    "shutil.rmtree": anything,
}
