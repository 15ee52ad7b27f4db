"""The demo's stand-ins run beside the shop and end with it, and the package brings none of them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from droplets.waiting import wait_until
from ocpizza.demo.peers import peers
from ocpizza.settings import load_settings

REPOSITORY = Path(__file__).parents[2]
PROGRAM = """
import os, pathlib
from ocpizza.demo.peers import end_with_the_shop
here = pathlib.Path(__file__).parent
(here / "started").write_text(f"{os.getpid()} {os.environ['OCPIZZA_CONFIG']}")
end_with_the_shop()
"""
# Interrupted as in a terminal, also where these tests run in the background.
SHOP = """
import pathlib, signal, sys, time
from ocpizza.demo.peers import peers
signal.signal(signal.SIGINT, signal.default_int_handler)
with peers(sys.argv[1], pathlib.Path(sys.argv[2])):
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "peer.py").write_text(PROGRAM)
    (tmp_path / "_shared.py").write_text("raise SystemExit('no program')")
    return tmp_path


def started(folder: Path) -> tuple[int, str]:
    """Process and settings of the program, once it runs."""
    note = folder / "started"
    text = wait_until(lambda: note.exists() and note.read_text(), 60, "the program")
    number, _, config = text.partition(" ")
    return int(number), config


def ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text()


def test_a_stand_in_runs_as_long_as_the_shop_and_knows_its_settings(folder):
    with peers(str(folder), folder / "shop.ini"):
        process, config = started(folder)
        assert not ended(process)
        assert config == str(folder / "shop.ini")
    assert ended(process)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_ends_however_the_shop_ends(folder, how):
    command = [sys.executable, "-c", SHOP, folder, folder / "shop.ini"]
    shop = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    process, _ = started(folder)
    shop.send_signal(how)
    shop.wait(60)
    wait_until(lambda: ended(process), 60, "its end")


def test_without_a_folder_there_is_none():
    with peers("", Path("shop.ini")):
        pass


def test_make_run_asks_for_them_and_the_package_does_not():
    demo = load_settings(REPOSITORY / "development.ini", {})
    assert (Path(demo["demo.peers"]) / "identity.py").exists()
    assert all(demo[f"{name}.client_id"] for name in ("google", "facebook"))
    shipped = (REPOSITORY / "debian" / "share" / "ocpizza.ini").read_text(encoding="utf-8")
    assert "peers" not in shipped
    locked = (REPOSITORY / "requirements" / "run.txt").read_text(encoding="utf-8")
    extra = (REPOSITORY / "requirements" / "demo.in").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9-]+)==", extra, re.M)
    assert names
    assert [name for name in names if name in locked] == []
