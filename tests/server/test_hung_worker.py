"""A worker that hangs, its main thread or all others, is replaced while the others go on."""

import os
import signal
import socket
import sys
import time
from contextlib import ExitStack
from unittest.mock import Mock

import pytest
from gunicorn.workers.gthread import ThreadWorker

from droplets.waiting import wait_until
from ocpizza import watched_worker
from ocpizza.server import options
from ocpizza.watched_worker import WatchedWorker
from serving import Site, gunicorn

# The program with less patience, and with a page that nobody ever gets.
IMPATIENT = """
import threading
from ocpizza import server, watched_worker
from ocpizza.cli import main

def make_application(*arguments, make=server.make_application):
    application = make(*arguments)

    def answer(environ, start_response):
        if environ["PATH_INFO"] == "/hang":
            threading.Event().wait()
        return application(environ, start_response)

    return answer

def options(settings, known=server.options):
    return known(settings) | {"graceful_timeout": 1}

watched_worker.HUNG, server.make_application, server.options = 2, make_application, options
main()
"""
# Whoever comes first hangs before it answers anybody.
HANGS_AT_FIRST = """
def rehearse(engines):
    try:
        open(server.HANGED, "x").close()
    except FileExistsError:
        return
    threading.Event().wait()

server.rehearse, server.HANGED = rehearse, {file!r}
"""
WORKERS = THREADS = 2


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def site(tmp_path, settings):
    config = tmp_path / "ocpizza.ini"
    server = f"[server]\nworkers = {WORKERS}\nthreads = {THREADS}\n"
    config.write_text(f"{config.read_text()}{server}")
    folder = tmp_path / "run"
    folder.mkdir()
    program = (sys.executable, "-c", IMPATIENT)
    with gunicorn(config, folder, workers=WORKERS, program=program) as site:
        yield site


def wait_for_another(site: Site, before: set[int]) -> set[int]:
    def replaced() -> set[int]:
        now = site.workers()
        return now - before if len(now) == WORKERS else set()

    wait_until(replaced, 90, "another worker")
    site.browser().get("/health/live", status=200)
    return before - site.workers()


def ask(site: Site, path: str) -> socket.socket:
    connection = site.connect(80)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def test_it_is_replaced_and_the_log_says_why(site):
    before = site.workers()
    hung = min(before)
    os.kill(hung, signal.SIGSTOP)
    assert wait_for_another(site, before) == {hung}
    assert f"WORKER TIMEOUT (pid:{hung})" in site.said()
    before = site.workers()
    with ExitStack() as held:
        # Whoever takes them, more than one worker has threads for.
        for _ in range(2 * THREADS):
            held.enter_context(ask(site, "/hang"))
        wait_until(lambda: "hangs, it is replaced" in site.said(), 60, "the reason in the log")
        assert wait_for_another(site, before)
    assert "threading.py:" in site.said()


def test_one_that_hangs_before_it_answers_is_replaced(tmp_path, settings):
    folder = tmp_path / "run"
    folder.mkdir()
    hangs = HANGS_AT_FIRST.format(file=str(tmp_path / "hanged"))
    program = (sys.executable, "-c", IMPATIENT.replace("main()\n", f"{hangs}main()\n"))
    with gunicorn(tmp_path / "ocpizza.ini", folder, workers=WORKERS, program=program) as site:
        wait_until(lambda: "WORKER TIMEOUT" in site.said(), 90, "the one that hangs")
        site.wait_for_workers(WORKERS + 1)
        site.browser().get("/health/live", status=200)


@pytest.mark.parametrize(
    ("busy_for", "ends"), [([], False), ([99], False), ([99, 1], False), ([99, 61], True)]
)
def test_while_one_thread_answers_its_worker_goes_on(monkeypatch, busy_for, ends):
    """What the others of its threads still answer would be lost."""
    ended = []
    monkeypatch.setattr(ThreadWorker, "notify", lambda _self: None)
    monkeypatch.setattr(os, "_exit", ended.append)
    worker = object.__new__(WatchedWorker)
    worker.cfg, worker.pid = Mock(threads=2), 1
    now = time.monotonic()
    worker._busy = {number: now - seconds for number, seconds in enumerate(busy_for)}
    worker.notify()
    assert bool(ended) is ends


def test_the_real_patience_is_longer_than_nginxs_and_gunicorns_is_the_same(settings):
    assert watched_worker.HUNG == options(settings)["timeout"] == 60
