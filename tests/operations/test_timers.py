"""What is done by itself: units as hardened as the others, timers enabled once."""

import configparser
from dataclasses import replace
from pathlib import Path

import pytest

from ocpizza.operations import systemd, undeploy
from ocpizza.operations.continuous.repository import FIRST, Repository
from ocpizza.operations.deploy import gunicorn
from ocpizza.operations.deploy.gunicorn import CONTINUOUS, TEMPLATES, TIMERS
from ocpizza.operations.deploy.host import LATER, Host
from ocpizza.settings import load_settings

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
SHIPPED = ROOT / "debian/share/ocpizza.ini"
MONTHLY = ("ocpizza-backup.timer", "ocpizza-restore-drill.timer")
DAILY = ("ocpizza-cyclic-update.timer", "ocpizza-cyclic-update@.timer")


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def host(tmp_path, settings) -> Host:
    """A host whose systemctl only notes what it is told."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/told\n')
    (programs / "systemctl").chmod(0o755)
    settings["folders.state"].mkdir()
    running = {"path": f"{programs}:/usr/bin:/bin", "systemd": tmp_path}
    return Host(settings, tmp_path / "ocpizza.ini", **running)


def told(tmp_path: Path) -> list[str]:
    log = tmp_path / "told"
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def read(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNITS / name)
    return unit


def hardening(name: str) -> list[str]:
    text = (UNITS / name).read_text()
    return text[text.index("CapabilityBoundingSet=") :].split("\n\n")[0].splitlines()


def test_there_is_a_unit_for_each_timer_and_the_package_installs_both():
    known = (*TIMERS, *CONTINUOUS, *TEMPLATES)
    assert sorted(known) == sorted(path.name for path in UNITS.glob("*.timer"))
    installed = (ROOT / "debian/ocpizza.install").read_text()
    for timer in known:
        for name in (timer, timer.replace(".timer", ".service")):
            assert f"systemd/{name} usr/lib/systemd/system\n" in installed


def test_the_site_is_looked_at_every_minute_by_root_who_may_do_nothing_else():
    timing = read("ocpizza-watchdog.timer")["Timer"]
    assert timing["OnUnitInactiveSec"] == "1min"
    service = read("ocpizza-watchdog.service")["Service"]
    assert "User" not in service
    # One that may not ask would know nothing.
    assert service["SupplementaryGroups"] == read("ocpizza.socket")["Socket"]["SocketGroup"]
    assert hardening("ocpizza-watchdog.service") == hardening("ocpizza-worker.service")


@pytest.mark.parametrize("timer", [*MONTHLY, *DAILY])
def test_it_is_due_at_six_in_paris_and_caught_up_when_missed(timer):
    timing = read(timer)["Timer"]
    assert timing["OnCalendar"].endswith(" 06:00:00 Europe/Paris")
    assert timing["Persistent"] == "true"
    assert read(timer)["Install"]["WantedBy"] == "timers.target"


# The overlay is in the latter, and a restoration that was killed may have left its part half done.
WRITES = {
    "ocpizza-backup.timer": "-/var/backups/ocpizza -/var/lib/ocpizza",
    "ocpizza-restore-drill.timer": "-/var/backups/ocpizza",
    # The lock that keeps jobs apart.
    "ocpizza-cyclic-update.timer": "-/var/backups/ocpizza",
    "ocpizza-cyclic-update@.timer": "-/var/backups/ocpizza",
}


@pytest.mark.parametrize("timer", [*MONTHLY, *DAILY])
def test_its_service_may_no_more_than_the_worker_and_write_archives(timer):
    name = timer.replace(".timer", ".service")
    service = read(name)["Service"]
    assert hardening(name) == hardening("ocpizza-worker.service")
    assert service["Type"] == "oneshot"
    assert service["User"] == "ocpizza"
    assert service["ReadWritePaths"] == WRITES[timer]


@pytest.mark.parametrize("timer", DAILY)
def test_on_the_first_of_the_month_the_backup_comes_first(timer):
    name = timer.replace(".timer", ".service")
    after = read(name)["Unit"]["After"].split()
    assert {monthly.replace(".timer", ".service") for monthly in MONTHLY} <= set(after)
    # Whichever begins first all the same, the other one waits.
    for monthly in MONTHLY:
        service = read(monthly.replace(".timer", ".service"))["Service"]
        assert service["ExecStart"].endswith(" --wait")
    of = " %i" if "@" in timer else ""
    assert read(name)["Service"]["ExecStart"] == f"/usr/bin/ocpizza cyclic-update{of}"
    every_day = "*-*-* 06:00:00 Europe/Paris"
    assert read(timer)["Timer"]["OnCalendar"] == every_day


@pytest.mark.parametrize("timer", CONTINUOUS)
def test_the_cluster_is_saved_every_night_by_its_owner_who_may_no_more_than_the_worker(timer):
    kind = timer.removeprefix("ocpizza-continuous-").removesuffix(".timer")
    days = {"full": "Sun", "diff": "Mon..Sat"}[kind]
    timing = read(timer)["Timer"]
    assert timing["OnCalendar"] == f"{days} *-*-* 04:30:00 Europe/Paris"
    assert timing["Persistent"] == "true"
    name = timer.replace(".timer", ".service")
    service, shipped = read(name)["Service"], load_settings(SHIPPED, {})
    usual = [line for line in hardening("ocpizza-worker.service") if line != "RemoveIPC=yes"]
    assert hardening(name) == usual
    assert (service["Type"], service["User"]) == ("oneshot", "postgres")
    folder = shipped["folders.continuous"]
    assert service["ReadWritePaths"] == f"-{folder}"
    assert service["Environment"] == f"FOLDER={folder}"
    # What `enable` runs, and where it and `status` look.
    repository = Repository.of(shipped)
    command = " ".join(repository.command(FIRST, f"--type={kind}", "backup"))
    assert service["ExecStart"] == f"/usr/bin/env {command}"
    noted = " ".join(repository.command(FIRST, "--output=json", "info"))
    assert service["ExecStartPost"].startswith(f"/bin/sh -c '{noted} > ")
    assert f'"$FOLDER/{repository.note.name}"' in service["ExecStartPost"]
    assert f"${{FOLDER}}/{repository.lock.name}/restoring rm" in service["ExecStartPre"]
    assert service["ExecStartPre"].endswith(f" rm -rf ${{FOLDER}}/{repository.restoring.name}")
    # Both at once, after a night that the machine was off: one is tried again.
    assert service["Restart"] == "on-failure"


def test_who_runs_as_another_services_user_leaves_that_service_its_shared_memory():
    """systemd takes it away with the end of any unit of theirs, however short it was."""
    ours = [path.name for path in UNITS.glob("*.service")]
    others = {name for name in ours if read(name)["Service"].get("User") == "postgres"}
    assert others == {timer.replace(".timer", ".service") for timer in CONTINUOUS}
    for name in others:
        assert read(name)["Service"]["RemoveIPC"] == "no"


def test_whoever_tells_failures_may_no_more_than_the_worker():
    assert hardening("ocpizza-failed@.service") == hardening("ocpizza-worker.service")
    told = read("ocpizza-failed@.service")
    assert told["Service"]["User"] == "ocpizza"
    # Whom systemd would not start would not note that an incident lasts.
    assert told["Unit"]["StartLimitIntervalSec"] == "0"


def test_status_is_looked_at_every_quarter_of_an_hour_and_may_note_what_was_told():
    timing = read("ocpizza-status.timer")["Timer"]
    assert timing["OnUnitInactiveSec"] == "15min"
    assert read("ocpizza-status.timer")["Install"]["WantedBy"] == "timers.target"
    service = read("ocpizza-status.service")["Service"]
    assert service["User"] == "ocpizza"
    # A disk that takes nothing is told once, too: memory outlives each run.
    assert service["RuntimeDirectoryPreserve"] == "yes"
    # It sees the archives, to say how old they are.
    assert "InaccessiblePaths" not in service
    assert hardening("ocpizza-status.service") == hardening("ocpizza-worker.service")


@pytest.mark.parametrize("name", ["ocpizza-failed@.service", "ocpizza-status.service"])
def test_whoever_tells_writes_notes_and_neither_keys_nor_what_the_program_runs(name):
    service, notes = read(name)["Service"], "/var/lib/ocpizza/incidents"
    assert service["ProtectSystem"] == "strict"
    assert "StateDirectory" not in service
    assert service["ReadWritePaths"] == f"-{notes}"
    # They cannot make it any more.
    lines = (ROOT / "debian/ocpizza.tmpfiles").read_text().splitlines()
    assert ["d", notes, "0750", "ocpizza", "ocpizza"] in [line.split() for line in lines]


@pytest.mark.parametrize(
    "name", ["ocpizza.service", "ocpizza-worker.service", "ocpizza-live.service"]
)
def test_what_visitors_speak_to_sees_no_archive(name):
    assert read(name)["Service"]["InaccessiblePaths"] == "-/var/backups/ocpizza"


def test_they_are_enabled_once_so_that_whoever_disables_one_is_obeyed(host, tmp_path):
    assert gunicorn.timers_enabled(host) is None
    all_of_them = [f"{verb} {' '.join(TIMERS)}" for verb in ("enable", "start")]
    assert told(tmp_path) == all_of_them
    assert gunicorn.timers_enabled(host) is None
    assert told(tmp_path) == []
    undeploy.timers_stopped(host)
    every = " ".join((*TIMERS, *CONTINUOUS))
    assert told(tmp_path) == [f"{verb} {every}" for verb in ("stop", "disable")]
    gunicorn.timers_enabled(host)
    assert told(tmp_path) == all_of_them


def test_timers_of_single_restaurants_go_with_the_others(host, tmp_path, monkeypatch):
    monkeypatch.setattr(systemd, "ENABLED_TIMERS", tmp_path)
    name = "ocpizza-cyclic-update@city_002.timer"
    (tmp_path / name).symlink_to(UNITS / TEMPLATES[0])
    (tmp_path / "ocpizza-cyclic-update.timer").symlink_to(UNITS / TIMERS[1])
    assert systemd.enabled_instances(TEMPLATES[0]) == {"city_002": name}
    undeploy.timers_stopped(host)
    timers = " ".join([*TIMERS, *CONTINUOUS, name])
    assert told(tmp_path) == [f"stop {timers}", f"disable {timers}"]


def test_in_an_image_they_are_enabled_and_start_with_the_machine(host, tmp_path):
    image = replace(host, systemd=tmp_path / "nowhere")
    assert gunicorn.timers_enabled(image) == LATER
    assert told(tmp_path) == [f"enable {' '.join(TIMERS)}"]
