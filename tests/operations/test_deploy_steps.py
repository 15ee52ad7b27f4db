"""Steps 3, 4, 5 and 7, as far as they go without a system to deploy to."""

import sys
from dataclasses import replace

import pytest

from ocpizza import __version__
from ocpizza.operations.deploy import deploy, final, gunicorn, nginx, project, virtual_environment
from ocpizza.operations.deploy.host import LATER, Failed, Host
from ocpizza.operations.migrate import head_revision
from ocpizza.static_files import digest


@pytest.fixture
def host(tmp_path, settings) -> Host:
    """A chroot or an image that is being built: systemd does not run."""
    return Host(settings, tmp_path / "ocpizza.ini", systemd=tmp_path / "no-systemd")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_virtual_environment_works(host):
    version, *others = [event(host) for event in virtual_environment.EVENTS]
    assert version.startswith("Python 3.")
    assert others == [None, None]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_another_version_of_the_command_is_noticed(host, monkeypatch):
    monkeypatch.setattr(virtual_environment, "__version__", "99.0")
    with pytest.raises(Failed, match=f"answers 'ocpizza, version {__version__}' instead of 99.0"):
        virtual_environment.command_works(host)


def test_the_application_is_brought_up_to_date_and_again_does_no_harm(
    host, empty_database, monkeypatch
):
    url = empty_database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("OCPIZZA_DATABASE_URL", url)
    head = head_revision(host.settings["database.migrations"])
    folder = f"static files in {host.settings['folders.static']}/{digest()}"
    assert [event(host) for event in project.EVENTS] == [None, f"schema {head}", folder]
    assert [event(host) for event in project.EVENTS] == [
        None,
        f"schema {head} (unchanged)",
        folder,
    ]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_settings_that_are_wrong_are_the_cause(host):
    host.config.write_text("[session]\nsecret_file = /proc/nowhere/key\n[database]\nurl = x\n")
    with pytest.raises(Failed) as failed:
        project.settings_right(host)
    command, cause = failed.value.args
    assert command == "ocpizza check-settings"
    assert cause.startswith("session.secret_file: /proc/nowhere")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "event",
    [
        gunicorn.units_read,
        gunicorn.service_runs_this_version,
        nginx.nginx_serves,
        final.website_ready,
        final.shop_page,
    ],
    ids=lambda event: event.__name__,
)
def test_without_systemd_services_are_left_for_later(host, event):
    assert event(host) == LATER


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_program_that_is_missing_or_fails_is_the_cause(host):
    with pytest.raises(Failed, match="no-such-program is not installed"):
        host.run("no-such-program")
    with pytest.raises(Failed) as failed:
        host.run("sh", "-c", "echo crumbs; echo burnt >&2; exit 3")
    assert failed.value.args == ("sh ended with status 3", "burnt")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("os.kill(os.getpid(), 9)", "it was killed: journalctl -k says whether memory ran out"),
        ("os.kill(os.getpid(), 15)", "it was ended by signal 15"),
        ("sys.exit(7)", "it ended with status 7"),
    ],
)
def test_one_of_ours_that_dies_without_a_word_is_told_by_its_end(host, monkeypatch, does, said):
    monkeypatch.setattr(
        "ocpizza.operations.deploy.host.PYTHON", (sys.executable, "-c", f"import os, sys; {does}")
    )
    with pytest.raises(Failed) as failed:
        host.ocpizza("migrate")
    assert failed.value.args == ("ocpizza migrate", said)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_programs_speak_english_and_get_nothing_of_roots_environment(host, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setenv("PYTHONPATH", "/tmp/evil")
    monkeypatch.setenv("PGHOST", "elsewhere")
    names = host.run("env").splitlines()
    assert "LC_ALL=C.UTF-8" in names
    assert not [name for name in names if name.startswith(("PYTHON", "PG"))]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_deployment_that_fails_early_takes_no_later_step(host, tmp_path):
    said = []
    missing = replace(host, settings=host.settings | {"system.user": "no-such-user"})
    settings = missing.settings | {"folders.logs": tmp_path / "logs"}
    assert deploy(settings, host.config, said.append) == 1
    assert said[:3] == [
        "# Step 1 : UBUNTU",
        "  System-user-present > ERROR",
        "    there is no user no-such-user; apt install --reinstall ocpizza makes it",
    ]
    assert not any(line.startswith("# Step 2") for line in said)
