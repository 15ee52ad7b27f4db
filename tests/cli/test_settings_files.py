"""Settings from two files: the administrator's, and the one shipped with the package."""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ocpizza.db import make_engine
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


@pytest.mark.parametrize(
    "url",
    [
        "production",
        "postgresql://reader:s3cr3t@db/ocpizza",
        "postgresql+psycopg://reader:s3cr3t@db",
        "postgresql+psycopg://reader:s3cr3t@db:port/ocpizza",
        "postgresql+psycopg://reader:s3cr3t@[db/ocpizza",
        "mysql://reader:s3cr3t@db/ocpizza",
        "https://db/ocpizza",
    ],
)
def test_a_source_that_cannot_be_one_is_refused_without_its_password(files, url):
    with pytest.raises(SettingError, match=r"cyclic_update\.source: expected a data") as refusal:
        load_settings(files(f"[cyclic_update]\nsource = {url}\n"), {})
    assert "cr3t" not in f"{refusal.value}{refusal.value.__cause__}"


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("[mail]\npassword = s%cr3t\n", "mail.password: a % is written twice: %%"),
        ("[mail]\npassword = s%(cr3t)s\n", "mail.password: a % is written twice: %%"),
        ("[mail]\npassword s cr3t\n", "line 4 is neither [section] nor key = value"),
        ("[mail]\npassword = s\n[cr3t\n", "line 5 is neither [section] nor key = value"),
    ],
)
def test_a_line_that_cannot_be_read_is_not_repeated(files, own, message):
    with pytest.raises(SettingError, match=re.escape(message)) as refusal:
        load_settings(files(own), {})
    assert "cr3t" not in f"{refusal.value}{refusal.value.__cause__}"


def test_a_file_that_begins_without_a_section_is_not_repeated(tmp_path):
    path = tmp_path / "ocpizza.ini"
    path.write_text("password = cr3t\n")
    with pytest.raises(SettingError, match="line 1 is neither") as refusal:
        load_settings(path, {})
    assert "cr3t" not in f"{refusal.value}{refusal.value.__cause__}"


def test_a_database_url_that_cannot_be_read_is_not_repeated():
    with pytest.raises(SettingError, match=r"database\.url: the port is no number") as refusal:
        make_engine("postgresql+psycopg://ocpizza@db:s3cr3t/ocpizza")
    assert "s3" not in f"{refusal.value}{refusal.value.__cause__}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://reader:s3/cr3t@db.example:5432/ocpizza?sslmode=require",
        "postgresql+psycopg://reader@[2001:db8::1]:5432/ocpizza",
        "postgresql+psycopg:///ocpizza?host=/var/run/postgresql",
        "postgresql+psycopg://reader@/ocpizza?host=db1:5432&host=db2:5432",
        "sqlite:////srv/ocpizza.sqlite",
    ],
)
def test_a_source_may_be_written_as_any_database(files, url):
    settings = load_settings(files(f"[cyclic_update]\nsource = {url}\n"), {})
    assert make_url(settings["cyclic_update.source"]).database


def test_a_source_is_another_database_than_ours(files):
    own = files("[cyclic_update]\nsource = sqlite:///shipped.sqlite\n")
    with pytest.raises(SettingError, match=r"cyclic_update\.source is database\.url"):
        load_settings(own, {})
    assert load_settings(files("[cyclic_update]\nsource =\n"), {})["cyclic_update.source"] == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_settings_that_one_may_not_read_say_to_ask_as_root(files):
    path = files("")
    path.chmod(0o600)
    with pytest.raises(SettingError, match=r"permission denied: run it as root \(sudo ocpizza …\)"):
        run_as("nobody", load_settings, path, {})
