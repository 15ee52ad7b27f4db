"""Where systemd does not run: Debian's supervisor keeps the site up, and its log tells it."""

import grp
import os
import pwd
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from cli.conftest import write_ini
from droplets.waiting import wait_until
from ocpizza.operations.status.streams import streams

__all__ = ["write_ini"]
SHIPPED = Path(__file__).parents[2] / "supervisor"
ME = pwd.getpwuid(os.getuid()).pw_name
NGINX = next((one.gr_name for one in grp.getgrall() if one.gr_name == "www-data"), ME)
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root watches")


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


class Watch:
    """What is shipped, with folders, user and settings of a test."""

    def __init__(self, folder: Path, ini: Path) -> None:
        self.folder, self.run, self.logs = folder, folder / "run", folder / "logs"
        self.logs.mkdir(parents=True)
        ocpizza = Path(sys.executable).with_name("ocpizza")
        changes = {
            "/usr/bin/ocpizza": f"{ocpizza} --config {ini}",
            "/run/ocpizza": str(self.run),
            "/var/log/ocpizza": str(self.logs),
            "/run/systemd/system": str(folder / "systemd"),
            "user=ocpizza": f"user={ME}",
            "-o ocpizza": f"-o {ME}",
            "socket_owner=ocpizza:": f"socket_owner={ME}:",
            "startsecs=5": "startsecs=2",
        }
        for name in ("supervisord.conf", "watchdog.sh"):
            text = (SHIPPED / name).read_text()
            for shipped, own in changes.items():
                text = text.replace(shipped, own)
            (folder / name).write_text(text)

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["/bin/sh", self.folder / "watchdog.sh", *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    def pid(self, program: str = "gunicorn") -> int:
        found = re.search(
            rf"^{program} +RUNNING +pid (\d+)", self("status", "gunicorn").stdout, re.M
        )
        return int(found[1]) if found else 0

    def answers(self) -> bool:
        """Whether the site answers whoever comes by its socket, as nginx does."""
        with closing(HTTPConnection("localhost")) as connection:
            connection.sock = socket.socket(socket.AF_UNIX)
            try:
                connection.sock.connect(str(self.run / "gunicorn.sock"))
                connection.request("GET", "/health/live")
                return connection.getresponse().status == 200
            except OSError:
                return False

    @property
    def log(self) -> str:
        return (self.logs / "watchdog.log").read_text()


@pytest.fixture
def watch(tmp_path_factory, write_ini) -> Iterator[Watch]:
    # Short, because the path of a unix socket is limited to some hundred bytes.
    watch = Watch(tmp_path_factory.mktemp("w"), write_ini())
    yield watch
    watch("stop", "gunicorn")


def test_a_site_that_was_killed_is_back_and_one_that_was_stopped_is_not(
    watch, write_ini, committed_database
):
    url = committed_database.url.render_as_string(hide_password=False)
    socket = f"socket = {watch.run}/gunicorn.sock"
    write_ini(url, server=f"{socket}\nworkers = 1\nthreads = 1")
    assert watch("status", "gunicorn").returncode == 3
    started = watch("start", "gunicorn")
    assert (started.returncode, started.stderr) == (0, "")
    assert watch("status", "gunicorn").returncode == 0
    assert watch.answers()
    assert watch.pid("worker") > 0
    wait_until(lambda: streams(watch.run / "live.sock"), 60, "what tells pages")
    for name in ("gunicorn", "live"):
        by_nginx = (watch.run / f"{name}.sock").stat()
        assert stat.filemode(by_nginx.st_mode) == "srw-rw----"
        assert grp.getgrgid(by_nginx.st_gid).gr_name == NGINX
    assert stat.filemode((watch.run / "supervisor.sock").stat().st_mode) == "srwx------"

    # gunicorn counts in a folder of its own user, whom the folder around it does not let write.
    figures = (watch.run / "metrics").stat()
    assert (figures.st_uid, stat.filemode(figures.st_mode)) == (os.getuid(), "drwx------")
    assert len(list((watch.run / "metrics").glob("counter_*.db"))) == 1

    killed = watch.pid()
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: watch.pid() not in (0, killed), 60, "another gunicorn")
    assert watch.answers()
    assert re.search(r"exited: gunicorn \(terminated by SIGKILL; not expected\)", watch.log)
    assert len(re.findall(r"spawned: 'gunicorn' with pid \d+", watch.log)) == 2

    again = watch("restart", "gunicorn")
    assert (again.returncode, again.stderr) == (0, "")
    assert watch.answers()

    pids = {watch.pid(), watch.pid("worker"), watch.pid("live")}
    stopped = watch("stop", "gunicorn")
    assert (stopped.returncode, stopped.stderr) == (0, "")
    assert watch("status", "gunicorn").returncode == 3
    assert not watch.answers()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert list(watch.run.glob("*.sock")) == []
    assert watch("stop", "gunicorn").returncode == 0
    assert "figures are not complete" not in (watch.logs / "gunicorn.log").read_text()


@pytest.mark.parametrize("word", ["start", "restart"])
def test_settings_that_are_wrong_are_told_in_one_line_and_change_nothing(watch, write_ini, word):
    write_ini(server="workers = some")
    refused = watch(word, "gunicorn")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "server.workers = 'some'" in refused.stderr
    assert not watch.run.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["start"], "usage: watchdog.sh start|stop|restart|status gunicorn"),
        ([], "usage: "),
        (["reload", "gunicorn"], "usage: "),
        (["start", "nginx"], "usage: "),
    ],
)
def test_what_it_does_not_know_is_refused_in_one_line(watch, words, says):
    refused = watch(*words)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert says in refused.stderr


def test_where_systemd_runs_it_leaves_the_site_to_it(watch):
    (watch.folder / "systemd").mkdir()
    refused = watch("stop", "gunicorn")
    assert refused.returncode == 1
    assert refused.stderr == "watchdog.sh: systemd runs here: sudo systemctl stop ocpizza\n"
    (watch.folder / "systemd").rmdir()


def test_nothing_listens_for_the_network_and_nobody_has_a_default_password():
    text = (SHIPPED / "supervisord.conf").read_text()
    assert "inet_http_server" not in text
    assert "password" not in text
    assert text.count("\nchmod=0700\n") == 1
    # The site's own user, and the place where nginx looks for it.
    assert text.count("\nuser=ocpizza\n") == 3
    starts = (SHIPPED / "watchdog.sh").read_text()
    assert '\n    install -d -o ocpizza -m 700 "$run/metrics"\n' in starts
    (nginx,) = (SHIPPED.parent / "nginx").glob("http.conf")
    places = re.findall(r"^socket=unix://(.+)$", text, re.M)
    assert len(places) == 2
    for place in places:
        assert f"server unix:{place};" in nginx.read_text()


def test_the_package_brings_it():
    installed = (SHIPPED.parent / "debian/ocpizza.install").read_text()
    for file in SHIPPED.iterdir():
        assert f"supervisor/{file.name} usr/share/ocpizza/supervisor\n" in installed
    assert os.access(SHIPPED / "watchdog.sh", os.X_OK)
