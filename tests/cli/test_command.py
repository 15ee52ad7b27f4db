"""The `ocpizza` command: what it says when all is well, and one clear line when it is not."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from commands import complaint, run
from ocpizza.cli import main
from ocpizza.models.order import Order
from ocpizza.models.stock import Stock
from ocpizza.operations.demo_data import PASSWORD

COMMANDS = ("migrate", "demo-data", "check")
OTHERS = (
    "accept-downgrade",
    "check-settings",
    "collect-static",
    "create-manager",
    "deploy",
    "serve",
    "status",
    "undeploy",
)
URLS = {
    "nonsense": "nonsense",
    "nothing": "",
    "unknown kind": "oracle9://somewhere/x",
    "driver that is not installed": "mysql://somewhere/x",
    "nobody listens": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    "no such folder": "sqlite:////nowhere/at/all.sqlite",
    "port that is none": "postgresql+psycopg://localhost:port/x",
}


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.mark.parametrize(
    "command", [*COMMANDS, "backup", "collect-static", "create-manager", "cyclic-update"]
)
def test_a_missing_settings_file_is_named(tmp_path, command):
    path = tmp_path / "missing.ini"
    assert complaint(run(path, command)) == (
        f"Error: cannot read the settings: {path}: No such file or directory"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"server": "lisen = 127.0.0.1"}, "unknown setting server.lisen; see ocpizza.ini(5)"),
        ({"pizza": "oven = hot"}, "unknown setting pizza.oven"),
        ({"session": "secret_file = k\ndays = thirty"}, "session.days = 'thirty'"),
        ({"demo": "staff_page = perhaps"}, "expected yes or no"),
        ({"server": "workers = -1"}, "expected 0 or more"),
        ({"server": "threads = 0"}, "expected 1 or more"),
        ({"session": ""}, "session.secret_file is missing (file of the cookie key"),
        ({"database": "url = sqlite:///%(nowhere)s"}, "ocpizza.ini: "),
        ({"database": "url"}, "ocpizza.ini: "),
    ],
    ids=str,
)
def test_a_wrong_setting_is_named_with_what_is_wrong(write_ini, changes, message):
    assert message in complaint(run(write_ini(**changes), "check"))


def test_a_settings_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "ocpizza.ini"
    path.write_bytes(b"\xff\xfe\x00")
    assert str(path) in complaint(run(path, "check"))
    assert "Is a directory" in complaint(run(tmp_path, "check"))


def test_the_environment_wins_over_the_file(config, write_ini):
    wrong = write_ini("nonsense")
    url = f"sqlite:///{config.parent}/other.sqlite"
    assert run(wrong, "migrate", OCPIZZA_DATABASE_URL=url).exit_code == 0
    assert (config.parent / "other.sqlite").exists()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_a_database_that_cannot_be_reached_is_one_line(write_ini, command, url):
    line = complaint(run(write_ini(url), command))
    said = ("the database does not answer: ", "the database answers: ", "database.url: ")
    assert line.startswith(tuple(f"Error: {words}" for words in said))


def test_a_database_that_is_down_is_told_with_what_to_do(write_ini, tmp_path):
    here = complaint(run(write_ini(f"postgresql+psycopg://@/shop?host={tmp_path}"), "check"))
    assert here.startswith("Error: the database does not answer: ")
    assert ": sudo systemctl start postgresql; " in here
    elsewhere = complaint(run(write_ini("postgresql+psycopg://x@127.0.0.1:1/x"), "check"))
    assert elsewhere.endswith(": see to that server, or mend [database] url in ocpizza.ini")


def test_the_password_of_the_database_is_never_shown(write_ini):
    config = write_ini("postgresql+psycopg://ocpizza:s3cret@localhost:port/x")
    assert "s3cret" not in complaint(run(config, "check"))


@pytest.mark.parametrize("command", ["demo-data", "check"])
def test_a_database_that_was_never_migrated_is_one_line(write_ini, tmp_path, command):
    config = write_ini(f"sqlite:///{tmp_path}/new.sqlite")
    assert "the database answers: no such table" in complaint(run(config, command))


def test_migrating_twice_changes_nothing_the_second_time(write_ini, tmp_path):
    config = write_ini(f"sqlite:///{tmp_path}/new.sqlite")
    first, second = run(config, "migrate"), run(config, "migrate")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith("schema ")
    assert second.output == first.output.strip() + " (unchanged)\n"


def test_migrating_without_migrations_says_which_setting_is_wrong(write_ini, tmp_path):
    config = write_ini(
        database=f"url = sqlite:///{tmp_path}/x.sqlite\nmigrations = {tmp_path}/nowhere"
    )
    assert complaint(run(config, "migrate")) == (
        f"Error: no migrations in {tmp_path}/nowhere; set database.migrations"
    )


def test_a_database_of_a_newer_version_is_left_alone(config, committed_database):
    with committed_database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    assert "is at revision later" in complaint(run(config, "migrate"))


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"], indirect=True)
def test_demo_data_fills_an_empty_database_only(config, committed_database):
    first = run(config, "demo-data")
    assert first.exit_code == 0
    assert PASSWORD in first.output
    assert "livreur.republique" in first.output
    assert complaint(run(config, "demo-data")) == (
        "Error: the database already holds restaurants; demo data needs an empty one"
    )
    again = run(config, "demo-data", "--if-empty")
    assert (again.exit_code, again.output) == (0, first.output)
    assert run(config, "check").output == "everything adds up\n"
    with Session(committed_database) as session, session.begin():
        session.execute(update(Stock).where(Stock.ingredient_id == 1).values(quantity=7))
    broken = run(config, "check")
    assert broken.exit_code == 1
    assert "stock of ingredient 1 at restaurant 1: 7, its movements add up to" in broken.stdout
    assert broken.stderr == "Error: 5 things do not add up\n"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_demo_data_may_have_weeks_behind_it(config, committed_database):
    assert run(config, "demo-data", "--weeks", "1").exit_code == 0
    with Session(committed_database) as session:
        assert session.scalar(select(func.count()).select_from(Order)) > 400
    assert run(config, "check").output == "everything adds up\n"


def test_an_address_that_is_taken_is_one_line(config):
    result = run(config, "serve", OCPIZZA_SERVER_LISTEN="192.0.2.1:80")
    assert complaint(result).startswith("Error: cannot listen on 192.0.2.1:80: Cannot assign")


@pytest.mark.parametrize("listen", ["nonsense", "127.0.0.1:port", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_one_line(config, listen):
    result = run(config, "serve", OCPIZZA_SERVER_LISTEN=listen)
    assert f"server.listen = '{listen}': expected an address and a port" in complaint(result)


def test_a_key_that_cannot_be_written_is_one_line(config):
    result = run(config, "serve", OCPIZZA_SESSION_SECRET_FILE="/proc/nowhere/session.key")
    assert "session.secret_file: /proc/nowhere/session.key" in complaint(result)


def test_help_names_every_command(config):
    output = CliRunner().invoke(main, ["--help"]).output
    for command in (*COMMANDS, *OTHERS):
        assert f"  {command}" in output


def every_command(group: click.Group = main, path: tuple[str, ...] = ()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))


EVERY_COMMAND = dict(every_command())


def test_the_list_of_commands_is_whole_on_a_terminal_of_80_columns():
    output = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    assert [line for line in output.splitlines() if line.endswith("...")] == [
        "Usage: main [OPTIONS] COMMAND [ARGS]..."
    ]
    assert max(map(len, output.splitlines())) <= 80


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
def test_whatever_a_command_takes_is_explained_by_its_help(path):
    command = EVERY_COMMAND[path]
    assert command.help.strip().partition("\n\n")[0].endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            assert parameter.make_metavar(click.Context(command)).strip("[]") in command.help
        else:
            assert (parameter.help or "").endswith("."), parameter.name


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
@pytest.mark.parametrize("words", [["--nothing"], ["a", "b", "c"]], ids=" ".join)
def test_words_that_a_command_does_not_know_are_one_line(path, words):
    refused = CliRunner().invoke(main, ["--config", "/nowhere", *path, *words])
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[-1].startswith("Error: ")


def test_the_installed_command_fails_in_one_line_too(tmp_path):
    command = Path(sys.executable).with_name("ocpizza")
    result = subprocess.run(
        [command, "--config", tmp_path / "missing.ini", "check"], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: cannot read the settings: ")
    assert result.stderr.count("\n") == 1
