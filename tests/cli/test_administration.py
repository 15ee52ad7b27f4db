"""Commands of whoever looks after the machine: accounts, static files, state, downgrades."""

import json
import os
import re
import sys

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands import complaint, run
from databases import MIGRATIONS
from factories import make_pizzeria, order_of
from guessing import check_password
from ocpizza import logs
from ocpizza.models.account import Account, AccountStatus
from ocpizza.operations import systemd
from ocpizza.operations.migrate import head_revision
from ocpizza.static_files import digest

ANNE = ("create-manager", "--identifier", "anne", "--first-name", "Anne", "--last-name", "Durand")
PASSWORD = "une pâte bien levée"


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


both = pytest.mark.parametrize("backend", ["postgresql", "sqlite"], indirect=True)


@both
def test_the_first_manager_signs_in_with_the_password_that_was_made(config, committed_database):
    result = run(config, *ANNE, "--generate")
    assert result.exit_code == 0
    said = "Anne Durand signs in as « anne » at /connexion\npassword: (.+)\n"
    (password,) = re.fullmatch(said, result.stdout).groups()
    with Session(committed_database) as session:
        assert check_password(session, "anne", password).full_name == "Anne Durand"


def test_the_password_may_come_from_a_pipe_and_is_not_shown(config, committed_database):
    result = run(config, *ANNE, stdin=f"{PASSWORD}\n")
    assert result.stdout == "Anne Durand signs in as « anne » at /connexion\n"
    with Session(committed_database) as session:
        assert check_password(session, "anne", PASSWORD)


def test_what_cannot_be_a_manager_is_one_line(config):
    run(config, *ANNE, "--generate")
    assert complaint(run(config, *ANNE, "--generate")) == (
        "Error: « anne » exists already; choose another identifier"
    )
    assert complaint(run(config, *ANNE, stdin="short\n")) == (
        "Error: a password has 12 to 200 characters"
    )


@both
def test_a_manager_who_is_locked_out_is_let_in_again(config, committed_database):
    run(config, *ANNE, "--generate")
    with Session(committed_database) as session, session.begin():
        anne = session.scalars(select(Account).where(Account.identifier == "anne")).one()
        anne.status = AccountStatus.INACTIVE
    result = run(config, "create-manager", "--reset", "--identifier", "ANNE", "--generate")
    said = "Anne Durand signs in as « anne » at /connexion\npassword: (.+)\n"
    (password,) = re.fullmatch(said, result.stdout).groups()
    assert password not in result.stderr
    with Session(committed_database) as session:
        assert check_password(session, "anne", password)


def test_who_cannot_be_let_in_again_is_one_line(config):
    reset = ("create-manager", "--reset", "--identifier", "anne")
    assert complaint(run(config, *reset, "--generate")) == (
        "Error: no manager of the group signs in with « anne »"
    )
    run(config, *ANNE, "--generate")
    assert complaint(run(config, *reset, stdin="short\n")) == (
        "Error: a password has 12 to 200 characters"
    )
    refused = run(config, *ANNE, "--reset", "--generate")
    assert refused.exit_code == 2
    assert "--reset changes no name" in refused.stderr


def test_on_a_terminal_the_password_is_asked_for_twice_without_echo(config):
    command = [sys.executable, "-m", "ocpizza.cli", "--config", str(config), *ANNE]
    child, terminal = os.forkpty()
    if child == 0:
        os.execv(sys.executable, command)
    shown = b""
    for asked in (b"Password", b"The same again"):
        while asked not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, f"{PASSWORD}\n".encode())
    try:
        while more := os.read(terminal, 1000):
            shown += more
    except OSError:  # how a terminal says that nobody is there any more
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "signs in as" in shown.decode()
    assert PASSWORD not in shown.decode()
    # Whoever types a command is told in plain words; the JSON is for the journal.
    assert "manager created, account " in shown.decode()
    assert '"event"' not in shown.decode()


@pytest.mark.parametrize("reads_standard_error", [True, False])
def test_what_a_command_did_is_in_the_journal_once(config, monkeypatch, reads_standard_error):
    copied = []
    monkeypatch.setattr(logs.syslog, "syslog", lambda _level, line: copied.append(json.loads(line)))
    file = os.fstat(2)
    stream = f"{file.st_dev}:{file.st_ino}" if reads_standard_error else "1:1"
    result = run(config, *ANNE, "--generate", JOURNAL_STREAM=stream)
    (line,) = map(json.loads, result.stderr.splitlines())
    assert (line["action"], line["from"]) == ("manager_created", "command line")
    assert copied == ([] if reads_standard_error else [line])


@both
def test_demo_data_goes_beside_the_first_manager(config):
    run(config, *ANNE, "--generate")
    assert run(config, "demo-data").exit_code == 0
    assert run(config, "check").output == "everything adds up\n"


def test_demo_data_does_not_take_the_identifier_of_a_real_person(config):
    run(config, *ANNE[:2], "direction", *ANNE[3:], "--generate")
    assert "« direction » exists already" in complaint(run(config, "demo-data"))


def test_demo_data_is_refused_where_people_ordered(config, committed_database):
    with Session(committed_database) as session, session.begin():
        order_of(session, make_pizzeria(session))
    assert complaint(run(config, "demo-data")) == (
        "Error: the database holds orders: it is in use, demo data needs an empty one"
    )


def test_static_files_are_collected_where_the_settings_say(write_ini, tmp_path):
    config = write_ini(folders=f"static = {tmp_path}/collected")
    result = run(config, "collect-static")
    assert result.output == f"static files in {tmp_path}/collected/{digest()}\n"
    assert (tmp_path / "collected" / digest() / "app.css").exists()


def test_static_files_that_cannot_be_written_are_one_line(write_ini):
    line = complaint(run(write_ini(folders="static = /proc/nowhere"), "collect-static"))
    assert "/proc/nowhere" in line


def test_a_downgrade_is_accepted_or_refused_in_one_line(config):
    assert run(config, "accept-downgrade", head_revision(MIGRATIONS)).exit_code == 0
    assert "restore a backup" in complaint(run(config, "accept-downgrade", "0000"))


def test_status_is_not_well_where_nothing_is_deployed(config):
    result = run(config, "status")
    assert result.exit_code == 3
    assert re.search(r"^ok +database +sqlite", result.output, re.M)
    assert re.search(r"^BAD +service", result.output, re.M)


def test_status_is_json_for_programs(config):
    result = run(config, "status", "--json")
    assert result.exit_code == 3
    answer = json.loads(result.stdout)
    assert answer["well"] is False
    rows = {row["name"]: row for row in answer["rows"]}
    assert rows["migrations"] == {
        "name": "migrations",
        "well": True,
        "says": f"schema {head_revision(MIGRATIONS)}",
    }


def test_settings_that_are_wrong_are_a_row_and_hide_no_other(write_ini, committed_database):
    url = committed_database.url.render_as_string(hide_password=False)
    result = run(write_ini(url, server="threads = many", servers="threads = 1"), "status")
    assert result.exit_code == 3
    (told,) = re.findall(r"^BAD +settings +(.+)$", result.output, re.M)
    assert "unknown setting servers.threads" in told
    assert "server.threads = 'many'" in told
    assert told.endswith(": mend it, sudo ocpizza check-settings, sudo systemctl reload ocpizza")
    assert re.search(r"^ok +database ", result.output, re.M)


def test_without_a_database_in_the_settings_the_rows_are_all_there(write_ini):
    result = run(write_ini(database="pool_size = 3"), "status", "--json")
    rows = {row["name"]: row for row in json.loads(result.stdout)["rows"]}
    assert "database.url is missing" in rows["settings"]["says"]
    assert "mend [database] url in ocpizza.ini" in rows["database"]["says"]
    assert "disk" in rows


def test_right_settings_are_said_to_be(config):
    assert run(config, "check-settings").output == "the settings are right\n"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"session": "secret_file = /proc/nowhere/key"}, "session.secret_file"),
        ({"google": "client_id = ours"}, "google.client_secret"),
        ({"database": "url = nowhere"}, "database.url"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_settings_are_checked_as_the_application_takes_them(write_ini, wrong, named):
    assert named in complaint(run(write_ini(**wrong), "check-settings"))


@pytest.mark.parametrize("command", ["deploy", "undeploy", "watchdog"])
def test_only_root_deploys(config, command, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert complaint(run(config, command)) == (
        f"Error: only root can do this: sudo ocpizza {command}"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["watchdog"], "Error: systemd is not running: whatever started the site must watch it"),
        (["tell-failure", "../x"], "Error: '../x' is no unit of the site"),
    ],
)
def test_what_systemd_runs_says_in_one_line_what_is_wrong(
    config, monkeypatch, tmp_path, arguments, says
):
    monkeypatch.setattr(systemd, "RUNNING", tmp_path / "nowhere")
    monkeypatch.setattr("ocpizza.cli.supervision.require_root", lambda _: None)
    assert complaint(run(config, *arguments)) == says


@pytest.mark.parametrize("patience", ["0", "-1", "soon"])
def test_a_watchdog_without_patience_is_refused(config, patience):
    assert run(config, "watchdog", "--patience", patience).exit_code == 2


def test_a_failure_that_nobody_wants_to_hear_of_is_only_said(config):
    result = run(config, "tell-failure", "ocpizza-backup.service")
    assert result.stdout == "ocpizza-backup.service failed: nobody is told now\n"
    assert result.exit_code == 0


def test_a_failure_is_told_of_though_other_settings_are_wrong(write_ini):
    """They may be what made it fail."""
    wrong = write_ini(server="threads = many")
    result = run(wrong, "tell-failure", "ocpizza.service")
    assert result.stdout == "ocpizza.service failed: nobody is told now\n"
