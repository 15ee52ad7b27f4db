"""Step 1: folders with their owners and modes, and what is missing by its name."""

import os
import stat
from dataclasses import replace

import pytest

from ocpizza.operations.deploy.host import Failed, Host
from ocpizza.operations.deploy.ubuntu import (
    folders_present,
    packages_present,
    settings_private,
    system_user_present,
)

MODES = {"state": 0o751, "static": 0o755, "logs": 0o750}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def host(tmp_path) -> Host:
    settings = {
        "system.user": "",
        "folders.state": tmp_path / "state",
        "folders.static": tmp_path / "state" / "static",
        "folders.logs": tmp_path / "logs",
    }
    (tmp_path / "ocpizza.ini").touch()
    return Host(settings, tmp_path / "ocpizza.ini")


def run_by(host: Host, user: str) -> Host:
    return replace(host, settings=host.settings | {"system.user": user})


def modes(host: Host) -> dict[str, int]:
    return {name: stat.S_IMODE(host.settings[f"folders.{name}"].stat().st_mode) for name in MODES}


def test_folders_are_made_once_and_put_right_again(host):
    folders_present(host)
    assert modes(host) == MODES
    host.settings["folders.state"].chmod(0o777)
    (host.settings["folders.state"] / "session.key").write_text("kept")
    folders_present(host)
    assert modes(host) == MODES
    assert (host.settings["folders.state"] / "session.key").read_text() == "kept"


@as_root
def test_folders_belong_to_the_service_and_logs_to_whoever_reads_logs(host):
    folders_present(run_by(host, "www-data"))
    assert host.settings["folders.state"].owner() == "www-data"
    assert host.settings["folders.static"].group() == "www-data"
    assert (host.settings["folders.logs"].owner(), host.settings["folders.logs"].group()) == (
        "root",
        "adm",
    )


@as_root
def test_settings_are_read_by_root_and_the_service_only(host):
    settings_private(run_by(host, "www-data"))
    assert stat.S_IMODE(host.config.stat().st_mode) == 0o640
    assert (host.config.owner(), host.config.group()) == ("root", "www-data")


def test_a_link_in_the_place_of_a_folder_is_not_followed(host, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    host.settings["folders.state"].mkdir()
    host.settings["folders.static"].symlink_to(elsewhere)
    with pytest.raises(OSError, match="static"):
        folders_present(host)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700


def test_a_user_that_is_missing_is_named(host):
    with pytest.raises(Failed, match="there is no user no-such-user"):
        system_user_present(run_by(host, "no-such-user"))
    system_user_present(host)
    system_user_present(run_by(host, "www-data"))


def test_packages_that_are_missing_are_named(host, tmp_path):
    (tmp_path / "nginx").touch(mode=0o755)
    with pytest.raises(Failed, match=r"missing packages: apt install util-linux iproute2$"):
        packages_present(replace(host, path=str(tmp_path)))
