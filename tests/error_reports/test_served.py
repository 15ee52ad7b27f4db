"""The site as gunicorn serves it: forked, reloaded, streaming, ending, with a Sentry that hangs."""

import json
import re
import signal
import sys
import time

import pytest

import ocpizza
from droplets.waiting import wait_until
from error_reports.kent_server import silent_server
from serving import gunicorn
from views.pages import words

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TOKEN = "Zq3-" * 10 + "_x7"
# The program, with an answer that fails on its way; what it opens of Sentry's later is told.
PROGRAM = """
import sys
from ocpizza import server, wsgi
ready = []
def note(event, arguments):
    if ready and event == "open" and "sentry_sdk" in str(arguments[0]):
        print("OPENED", arguments[0], file=sys.stderr, flush=True)
sys.addaudithook(note)
def streaming(application):
    def answer(environ, start_response):
        if not environ["PATH_INFO"].startswith("/stream"):
            return application(environ, start_response)
        def body():
            yield b"some"
            raise RuntimeError("the stream broke")
        start_response("200 OK", [("Content-Type", "text/plain")])
        return body()
    return answer
make = wsgi.make_application
def make_application(*arguments):
    application = streaming(make(*arguments))
    ready.append(True)
    return application
server.make_application = make_application
from ocpizza.cli import main
sys.argv[0] = "ocpizza"
main()
"""


@pytest.fixture
def config(tmp_path, settings, committed_database, kent):
    """Settings of a shop that has lost its restaurants."""
    with committed_database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE restaurant RENAME TO gone")
    path = tmp_path / "ocpizza.ini"
    telling = f"[supervision]\nsentry_dsn = {kent.dsn}\nenvironment = trial\n"
    path.write_text(f"{path.read_text()}[server]\nworkers = 1\nthreads = 2\n{telling}")
    (tmp_path / "run").mkdir()
    return path


@pytest.fixture
def site(config, tmp_path):
    program = (sys.executable, "-c", PROGRAM)
    with gunicorn(config, tmp_path / "run", program=program, crashes=True) as site:
        yield site


def crash(site) -> str:
    """The mark that a page shows."""
    page = site.browser().get("/", status=500)
    return re.search("donnez ce repère : ([0-9a-f]{8})", words(page))[1]


def break_off(site) -> None:
    with site.connect(0) as connection:
        connection.sendall(
            f"GET /stream/{TOKEN}?q={TOKEN} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        while connection.recv(1000):
            pass


def test_every_process_tells_and_none_is_held_up(site, config, kent, tmp_path):
    marks = {crash(site)}
    event = kent.one()
    assert event["environment"] == "trial"
    assert event["release"] == f"ocpizza@{ocpizza.__version__}"
    assert (event["transaction"], event["tags"]["error_id"]) == ("home", *marks)

    # What fails while the answer is on its way, told by gunicorn, which names the whole address.
    break_off(site)
    event = kent.wait_for(2)[1]
    assert event["exception"]["values"][0]["value"] == "the stream broke"
    assert event["logentry"]["message"] == "Error handling request"
    assert TOKEN[:8] not in json.dumps(kent.everything())

    # The master, whose own thread lives when the next processes are forked.
    right = config.read_text()
    config.write_text(f"{right}[orders]\nunpaid_cents = many\n")
    site.process.send_signal(signal.SIGHUP)
    wrong = kent.wait_for(3, 60)[2]
    assert wrong["logentry"]["message"] == "the settings are wrong, the old ones stay"
    wait_until(lambda: site.said().count("Booting worker") >= 2, 60, "another worker")
    config.write_text(right)
    kent.forget()
    before = site.workers()
    site.process.send_signal(signal.SIGHUP)
    site.wait_for_workers(3)
    wait_until(lambda: not site.workers() & before, 60, "the old one gone")
    marks = {crash(site) for _ in range(3)}
    assert {event["tags"]["error_id"] for event in kent.wait_for(3)} == marks

    # Killed while something waits to be sent: it is sent.
    with silent_server() as dsn:
        config.write_text(right.replace(kent.dsn, dsn))
        before = site.workers()
        site.process.send_signal(signal.SIGHUP)
        site.wait_for_workers(4)
        wait_until(lambda: not site.workers() & before, 60, "the old one gone")
        crash(site)
        began = time.monotonic()
        for _ in range(4):
            crash(site)
        assert time.monotonic() - began < 4
        site.process.terminate()
        began = time.monotonic()
        assert site.process.wait(60) == 0
        assert time.monotonic() - began < 10
    assert "OPENED" not in site.said()
