"""One update under way: what it brings, and how far it has come."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.db import make_engine, reason
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import BackupFolder
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.deploy.host import Failed, Host
from ocpizza.operations.privileges import acting_as
from ocpizza.operations.update.controller import Component
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.releases import Releases, Switch
from ocpizza.settings import Settings


def is_script(target: PurePosixPath) -> bool:
    """Whether a component is SQL, which is run."""
    return target.suffix == ".psql"


def is_tables(target: PurePosixPath) -> bool:
    """Whether a component brings tables of its own."""
    return target.name == "models.py"


def changes_database(target: str) -> bool:
    """Whether a component, by its path, changed the database when it came."""
    path = PurePosixPath(target)
    return is_script(path) or is_tables(path)


@dataclass
class Update:
    """What events work on.

    Root reads the folder and speaks to systemd; the rest is done as the service's user, who owns
    the overlay: root writes nothing where somebody else could have put a link.
    """

    host: Host
    now: datetime
    folder: Path = Path()
    again: bool = False
    stages: Stages = field(default_factory=Stages)
    files: dict[str, bytes] = field(default_factory=dict)
    listed: list[Component] = field(default_factory=list)
    removed: list[PurePosixPath] = field(default_factory=list)
    # Those that the shop sells, by kind and slug.
    products: set[tuple[str, str]] = field(default_factory=set)
    release: str | None = None
    switch: Switch | None = None
    content_changed: bool = False
    backup: Path | None = None
    held: ExitStack = field(default_factory=ExitStack)

    @property
    def settings(self) -> Settings:
        return self.host.settings

    @property
    def releases(self) -> Releases:
        return Releases(self.settings["folders.overlay"])

    @property
    def components(self) -> dict[PurePosixPath, bytes]:
        """Return what is to be put in place, by where."""
        return {each.target: self.files[each.source] for each in self.listed}

    @property
    def changes(self) -> dict[PurePosixPath, bytes]:
        """Return those components that change the database."""
        return {
            target: content
            for target, content in self.components.items()
            if is_script(target) or is_tables(target)
        }

    def as_service(self) -> AbstractContextManager[None]:
        """Have the service's rights meanwhile. Raises SettingError."""
        return acting_as(self.host.user)

    @contextmanager
    def database(self) -> Iterator[Engine]:
        """The shop's database; what it refuses is an UpdateError."""
        with self.as_service():
            engine = make_engine(self.settings["database.url"], 1)
            try:
                yield engine
            except SQLAlchemyError as error:
                raise UpdateError(f"the database answers: {reason(error)}") from error
            finally:
                engine.dispose()

    def ocpizza(self, *arguments: str, timeout: float | None = None) -> str:
        """What a command of ours printed. Raises Failed with what it said.

        Not with how we called it: what that was about is not there any more.
        """
        try:
            return self.host.ocpizza(*arguments, timeout=timeout).strip()
        except Failed as failure:
            raise Failed(*(failure.args[1:] or failure.args)) from failure

    def keep_others_out(self) -> None:
        """Have no backup and no restoration run until the end."""
        with self.as_service():
            try:
                self.held.enter_context(BackupFolder(self.settings["folders.backups"]).locked())
            except BackupError as error:
                raise UpdateError(str(error)) from error

    def begin(self, *, stopped: bool = False) -> None:
        """Note that the switch is under way: it is ended whatever becomes of this run.

        No backup and no restoration runs until then.
        """
        self.keep_others_out()
        with self.as_service():
            switch = Switch(self.release, self.releases.current, stopped)
            self.releases.begin(switch)
            self.switch = switch
