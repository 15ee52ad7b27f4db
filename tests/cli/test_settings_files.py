"""Settings from two files: the administrator's, and the one shipped with the package."""

import os
from pathlib import Path

import pytest

from ocpizza.operations.privileges import run_as
from ocpizza.settings import SETTINGS, SettingError, load_settings

SHIPPED = """
[system]
user = ocpizza
[database]
url = sqlite:///shipped.sqlite
pool_size = 7
[session]
secret_file = shipped.key
days = 14
"""


@pytest.fixture
def files(tmp_path):
    """Writes the administrator's file beside a folder with the shipped one."""
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "ocpizza.ini").write_text(SHIPPED)

    def write(own: str, include: str = "share/ocpizza.ini") -> Path:
        path = tmp_path / "ocpizza.ini"
        path.write_text(f"[include]\nfile = {include}\n{own}")
        return path

    return write


def test_what_the_file_does_not_say_comes_from_the_shipped_one(files, tmp_path):
    settings = load_settings(files("[session]\ndays = 3\n"), {})
    assert settings["session.days"] == 3
    assert settings["database.pool_size"] == 7
    assert settings["system.user"] == "ocpizza"
    assert load_settings(files("", f"{tmp_path}/share/ocpizza.ini"), {})["session.days"] == 14


def test_a_relative_path_starts_where_it_is_written(files, tmp_path):
    assert load_settings(files(""), {})["session.secret_file"] == tmp_path / "share/shipped.key"
    own = load_settings(files("[session]\nsecret_file = own.key\n"), {})
    assert own["session.secret_file"] == tmp_path / "own.key"


def test_the_environment_wins_over_both(files):
    settings = load_settings(files("[session]\ndays = 3\n"), {"OCPIZZA_SESSION_DAYS": "9"})
    assert settings["session.days"] == 9


def test_a_shipped_file_that_is_missing_is_named(files, tmp_path):
    with pytest.raises(SettingError, match=f"{tmp_path}/nowhere.ini: No such file"):
        load_settings(files("", "nowhere.ini"), {})


@pytest.mark.parametrize(
    ("shipped", "message"),
    [
        ("[include]\nfile = ocpizza.ini\n", "share/ocpizza.ini: unknown setting include.file"),
        ("[server]\nthreads = many\n", r"share/ocpizza.ini: server.threads = 'many'"),
        ("[servers]\nthreads = 1\n", "share/ocpizza.ini: unknown setting servers.threads"),
    ],
)
def test_a_mistake_in_the_shipped_file_is_named_there(files, tmp_path, shipped, message):
    (tmp_path / "share" / "ocpizza.ini").write_text(SHIPPED + shipped)
    with pytest.raises(SettingError, match=message):
        load_settings(files(""), {})


def test_every_setting_says_what_it_means_and_has_a_default_that_can_be_read():
    for setting in SETTINGS:
        assert setting.meaning
        if setting.default is not None:
            setting.read(setting.default)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_settings_that_one_may_not_read_say_to_ask_as_root(files):
    path = files("")
    path.chmod(0o600)
    with pytest.raises(SettingError, match=r"permission denied: run it as root \(sudo ocpizza …\)"):
        run_as("nobody", load_settings, path, {})
