"""Every setting, its type, default and meaning: the only reader of ini files and environment."""

import configparser
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Settings = dict[str, Any]


class SettingError(ValueError):
    """A setting is missing, unknown or wrong; the message says which and what to do."""


def _boolean(value: str) -> bool:
    try:
        return configparser.ConfigParser.BOOLEAN_STATES[value.lower()]
    except KeyError:
        raise ValueError("expected yes or no") from None


@dataclass(frozen=True)
class Setting:
    """How one setting is read. `name` is « section.key » of the ini file."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that wins over the ini file."""
        return "OCPIZZA_" + self.name.replace(".", "_").upper()


SETTINGS = (
    Setting("database.url", str, None, "SQLAlchemy URL of the database"),
    Setting("database.pool_size", int, "5", "connections kept by each process"),
    Setting("database.migrations", Path, "alembic", "folder of the alembic migrations"),
    Setting("server.listen", str, "127.0.0.1:6543", "address and port of `ocpizza serve`"),
    Setting("session.secret_file", Path, None, "file of the cookie key, made when missing"),
    Setting("session.secure", _boolean, "yes", "send cookies over HTTPS only"),
    Setting("session.days", int, "30", "days after which an unused cookie or basket expires"),
    Setting("demo.staff_page", _boolean, "no", "show the demo sign-ins on the sign-in page"),
)


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of the ini file at `path`, overridden by OCPIZZA_… variables.

    Relative paths are relative to the folder of the ini file, written `%(here)s` in it.
    Raises SettingError for a file, section, key or value that is not right.
    """
    raw = _read_ini(path)
    known = {setting.name for setting in SETTINGS}
    if unknown := sorted(raw.keys() - known):
        raise SettingError(f"{path}: unknown setting {unknown[0]}; see ocpizza.ini(5)")
    return {setting.name: _value(setting, raw, environment, path) for setting in SETTINGS}


def _read_ini(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(defaults={"here": str(path.parent.resolve())})
    try:
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        return {
            f"{section}.{key}": value
            for section in parser.sections()
            for key, value in parser.items(section)
            if key != "here"
        }
    except OSError as error:
        raise SettingError(f"cannot read the settings: {path}: {error.strerror}") from error
    except (configparser.Error, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: {' '.join(str(error).split())}") from error


def _value(
    setting: Setting, raw: Mapping[str, str], environment: Mapping[str, str], path: Path
) -> Any:
    text = environment.get(setting.variable, raw.get(setting.name, setting.default))
    if text is None:
        raise SettingError(f"{path}: {setting.name} is missing ({setting.meaning})")
    try:
        value = setting.read(text)
    except ValueError as error:
        raise SettingError(f"{path}: {setting.name} = {text!r}: {error}") from error
    return path.parent.resolve() / value if isinstance(value, Path) else value
