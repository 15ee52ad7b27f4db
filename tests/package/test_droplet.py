"""Droplets are what the package's tests believe them to be."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from droplets import BootFailed, CommandFailed, Layer, new_droplet
from droplets.cache import CACHE, locked
from droplets.cgroups import hierarchies
from droplets.network import NAMESPACES
from droplets.overlay import mounts_below
from droplets.running import RUNNING

TESTS = Path(__file__).parents[1]
HOST_FROM_INSIDE = "10.0.2.2"
LISTEN = """
import http.server, sys
class Name(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(sys.argv[1].encode())
http.server.HTTPServer(("", 80), Name).serve_forever()
"""
BOOT_AND_WAIT = """
from droplets import new_droplet
with new_droplet() as droplet:
    print(droplet.machine.name, flush=True)
    input()
"""
SERVICE = "[Service]\nType=exec\nExecStart={}\n[Install]\nWantedBy=multi-user.target\n"
WITH_PYTHON = Layer("python", lambda droplet: droplet.apt("install", "python3-minimal"))


def traces(name: str) -> list[object]:
    """Everything on this machine that belongs to the droplet `name`."""
    folders = [hierarchy / name for hierarchy in hierarchies()]
    folders += [NAMESPACES / name, RUNNING / name]
    commands = subprocess.run(["ps", "-eo", "args"], text=True, capture_output=True).stdout
    processes = re.findall(rf"^.*{re.escape(name)}\b.*$", commands, re.M)
    return [path for path in folders if path.exists()] + mounts_below(RUNNING / name) + processes


@pytest.mark.parametrize("release", ["bookworm", "trixie"])
def test_systemd_runs_its_units(release):
    with new_droplet(release) as droplet:
        assert droplet.output("systemctl", "is-system-running") == "running"
        assert f"VERSION_CODENAME={release}" in droplet.read("/etc/os-release")
        droplet.write("/etc/systemd/system/patient.service", SERVICE.format("sleep infinity"))
        droplet.run("systemctl", "start", "patient")
        pid = droplet.output("systemctl", "show", "--value", "-P", "MainPID", "patient")
        assert droplet.output("ps", "-o", "ppid=,args=", pid) == "1 sleep infinity"


def test_changes_survive_a_reboot_and_units_start_in_it(droplet):
    droplet.write("/etc/systemd/system/note.service", SERVICE.format("touch /var/lib/noted"))
    droplet.run("systemctl", "enable", "note")
    before = droplet.read("/proc/sys/kernel/random/boot_id")
    droplet.reboot()
    assert droplet.read("/proc/sys/kernel/random/boot_id") != before
    assert droplet.run("test", "-e", "/var/lib/noted", check=False).returncode == 0


def test_a_failed_unit_is_named(droplet):
    droplet.write("/etc/systemd/system/broken.service", SERVICE.format("false"))
    droplet.run("systemctl", "enable", "broken")
    with pytest.raises(BootFailed, match=r"degraded: broken\.service"):
        droplet.reboot()


def test_the_mirrors_are_within_reach_but_not_the_hosts_loopback(droplet):
    droplet.apt("install", "hello")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()
        for address in ("127.0.0.1", HOST_FROM_INSIDE):
            refused = droplet.run("curl", f"http://{address}:{port}/", check=False)
            assert "Failed to connect" in refused.stderr or "Couldn't connect" in refused.stderr


def test_two_at_once_have_the_same_ports_and_a_cable():
    with new_droplet("bookworm", WITH_PYTHON) as one, new_droplet("bookworm", WITH_PYTHON) as two:
        for droplet, name in ((one, "one"), (two, "two")):
            droplet.write("/srv/listen.py", LISTEN)
            unit = SERVICE.format(f"python3 /srv/listen.py {name}")
            droplet.write("/etc/systemd/system/listen.service", unit)
            droplet.run("systemctl", "enable", "--now", "listen")
            droplet.wait_for_port(80)
        assert [one.http().text, two.http().text] == ["one", "two"]
        one.network.join(two.network, "10.77.0.1/24", "10.77.0.2/24")
        assert one.output("curl", "--silent", "http://10.77.0.2/") == "two"


def test_what_a_command_printed_is_in_the_error(droplet):
    with pytest.raises(CommandFailed, match=r"(?s)said.*complained"):
        droplet.shell("echo said; echo complained >&2; exit 3")


def test_files_and_folders_are_copied(droplet, tmp_path):
    (tmp_path / "menu").mkdir()
    (tmp_path / "menu/regina").write_text("jambon")
    droplet.copy_in(tmp_path / "menu", "/srv/menu")
    droplet.copy_in(tmp_path / "menu/regina", "/srv/other/name")
    assert droplet.read("/srv/menu/regina") == droplet.read("/srv/other/name") == "jambon"


def test_a_layer_is_prepared_once_and_again_when_its_key_changes(tmp_path):
    prepared = []
    key = str(tmp_path)

    def prepare(droplet):
        prepared.append(1)
        droplet.write("/srv/prepared", "yes")

    for layer_key, times in ((key, 1), (key, 1), (f"{key} changed", 2)):
        with new_droplet("bookworm", Layer("trial", prepare, layer_key)) as droplet:
            assert droplet.read("/srv/prepared") == "yes"
        assert len(prepared) == times


def test_nothing_is_left_of_it_even_after_a_failure():
    names = []

    def fail():
        with new_droplet() as droplet:
            names.append(droplet.machine.name)
            assert len(traces(names[0])) >= 5
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert traces(names[0]) == []


def test_what_a_killed_run_left_goes_with_the_next():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    run = subprocess.Popen([sys.executable, "-c", BOOT_AND_WAIT], env=environment, **pipes)
    name = run.stdout.readline().decode().strip()
    # Under the lock no other test can clean up before it is seen that there is something to.
    with locked(CACHE / "locks" / "running"):
        run.kill()
        run.communicate()
        assert len(traces(name)) >= 5
    with new_droplet():
        assert traces(name) == []
