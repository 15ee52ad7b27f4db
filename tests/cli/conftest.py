"""Settings files to run the command with."""

from pathlib import Path

import pytest

from databases import MIGRATIONS


@pytest.fixture
def write_ini(tmp_path):
    """Writes a settings file; `changes` are sections by name, their lines as they are."""

    def write(url: str = "sqlite:///nothing.sqlite", **changes: str) -> Path:
        sections = {
            "database": f"url = {url.replace('%', '%%')}\nmigrations = {MIGRATIONS}",
            "session": "secret_file = session.key",
        }
        path = tmp_path / "ocpizza.ini"
        path.write_text(
            "\n".join(f"[{name}]\n{lines}" for name, lines in (sections | changes).items())
        )
        return path

    return write


@pytest.fixture
def config(write_ini, committed_database) -> Path:
    """The settings of a migrated, empty database."""
    return write_ini(committed_database.url.render_as_string(hide_password=False))
