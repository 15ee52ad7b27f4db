"""Step 2: a database on this machine is made, one elsewhere is only tried."""

import os
import socket
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from ocpizza.operations import local_postgresql
from ocpizza.operations.deploy import postgresql as step
from ocpizza.operations.deploy.host import Failed, Host, Waiting
from ocpizza.operations.deploy.run import run_steps

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes postgres")
NAME = "deployed"
ROLE = "Shop's owner"  # a name that must be quoted
STATE = """
SELECT pg_encoding_to_char(encoding), pg_get_userbyid(datdba), rolsuper, rolcreatedb, rolcanlogin
  FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = :name
"""
DEFAULTS = "SELECT current_setting('default_transaction_isolation'), current_setting('timezone')"


@pytest.fixture
def cluster(databases):
    cluster = databases.cluster
    yield cluster
    cluster.run(f"DROP DATABASE IF EXISTS {NAME}")
    cluster.run(f'DROP ROLE IF EXISTS "{ROLE}"')


def host_for(tmp_path, url: str) -> Host:
    settings = {"system.user": "", "database.url": url, "folders.logs": tmp_path}
    return Host(settings, tmp_path / "ocpizza.ini")


@pytest.fixture
def host(tmp_path, cluster) -> Host:
    return host_for(tmp_path, f"postgresql+psycopg://Shop's%20owner@/{NAME}?host={cluster.folder}")


def ask(url: str, question: str, **values):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(question), values).all()
    engine.dispose()
    return [tuple(row) for row in found]


def test_role_and_database_are_made_once_with_the_rights_and_defaults_they_need(host, cluster):
    for _ in range(2):
        for event in step.EVENTS:
            event(host)
        assert ask(cluster.url(NAME), STATE, name=NAME) == [("UTF8", ROLE, False, False, True)]
        url = host.settings["database.url"]
        assert ask(url, DEFAULTS) == [("read committed", "UTC")]


def test_a_server_that_listens_on_another_port_is_named_with_it(tmp_path, cluster):
    url = f"postgresql+psycopg://Shop's%20owner@/{NAME}?host={cluster.folder}&port=5999"
    with pytest.raises(Waiting, match="not listen on port 5999, but on 5432: set port=5432"):
        step.server_running(host_for(tmp_path, url))


@pytest.mark.parametrize("event", [step.server_running, step.database_answers])
def test_a_server_that_hangs_is_a_reason_soon(tmp_path, monkeypatch, event):
    monkeypatch.setattr(local_postgresql, "CONNECT_SECONDS", 2)  # the least that there is
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as hung:
        Path(folder).chmod(0o755)
        file = Path(folder, ".s.PGSQL.5432")
        hung.bind(str(file))
        file.chmod(0o666)
        hung.listen()
        url = f"postgresql+psycopg://{ROLE.replace(' ', '%20')}@/{NAME}?host={folder}"
        with pytest.raises(Failed, match=r"(?s)timeout expired"):
            event(host_for(tmp_path, url))


def test_a_database_that_is_there_keeps_what_is_in_it(host, cluster):
    for event in step.EVENTS:
        event(host)
    cluster.run(f"COMMENT ON DATABASE {NAME} IS 'kept'")
    for event in step.EVENTS:
        event(host)
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :name"
    assert ask(cluster.url("postgres"), comment, name=NAME) == [("kept",)]


def test_a_role_that_may_do_anything_is_refused(host, cluster):
    step.role_present(host)
    cluster.run(f'ALTER ROLE "{ROLE}" SUPERUSER')
    with pytest.raises(Failed, match="is a superuser: ALTER ROLE"):
        step.role_present(host)


def test_a_server_that_does_not_run_is_no_failure_but_something_to_do(tmp_path):
    host = host_for(tmp_path, "postgresql+psycopg:///shop?host=/run/no-such-postgresql")
    with pytest.raises(Waiting, match=r"systemctl start postgresql, then: ocpizza deploy"):
        step.server_running(host)
    said = []
    assert run_steps((("POSTGRESQL DataBase", step.EVENTS),), host, said.append) == 75


def test_without_postgresql_the_instruction_is_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setattr(step, "server_installed", lambda: False)
    host = host_for(tmp_path, f"postgresql+psycopg:///shop?host={tmp_path}")
    with pytest.raises(Waiting, match="apt install postgresql, then: ocpizza deploy"):
        step.server_running(replace(host, path=str(tmp_path)))


@pytest.mark.parametrize("event", step.EVENTS[:4], ids=lambda event: event.__name__)
def test_nothing_is_made_on_another_machine(tmp_path, event):
    host = host_for(tmp_path, "postgresql+psycopg://shop:s3cret@127.0.0.1:1/shop")
    assert event(host) == "the database is not on this machine"


def test_a_database_elsewhere_is_tried_and_its_password_never_told(tmp_path):
    said = []
    host = host_for(tmp_path, "postgresql+psycopg://shop:s3cret@127.0.0.1:1/shop")
    assert run_steps((("POSTGRESQL DataBase", step.EVENTS),), host, said.append) == 1
    told = "\n".join(said) + (tmp_path / "deploy_logs").read_text()
    assert "Database-answers > ERROR" in told
    assert "Connection refused" in told
    assert "s3cret" not in told


@pytest.mark.parametrize("url", ["s3cret", "postgresql+psycopg://shop:s3cret@h:port/shop"])
def test_a_url_that_is_none_is_not_repeated(tmp_path, url):
    said = []
    host = host_for(tmp_path, url)
    assert run_steps((("POSTGRESQL DataBase", step.EVENTS),), host, said.append) == 1
    assert "    database.url is no SQLAlchemy URL" in said
    assert "s3cret" not in "\n".join(said)


def test_another_encoding_is_refused(host, cluster):
    step.role_present(host)
    cluster.run(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(Failed, match="encoded in LATIN1: it must be UTF8"):
        step.database_answers(host)
