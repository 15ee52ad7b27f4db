"""`make run` takes a Debian that has nothing of ours to a shop that answers."""

import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clean_debian import CleanDebian

REPOSITORY = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("clean_debian")  # on ports of the host


@pytest.fixture
def debian():
    with CleanDebian() as debian:
        yield debian


def check_out(debian: CleanDebian, user: str, port: int) -> str:
    """The committed and the edited files of this checkout, as a clone would give them."""
    home = "/root" if user == "root" else f"/home/{user}"
    target = debian.root / f"{home}/ocpizza".lstrip("/")
    target.mkdir()
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=REPOSITORY, check=True, capture_output=True).stdout
    present = [
        name for name in files.split(b"\0") if name and (REPOSITORY / name.decode()).exists()
    ]
    subprocess.run(
        f"tar c --null -T - | tar x -C '{target}'",
        shell=True,
        cwd=REPOSITORY,
        input=b"\0".join(present),
        check=True,
    )
    settings = target / "development.ini"
    settings.write_text(settings.read_text().replace(":6543", f":{port}"))
    debian.inside("chown", "-R", f"{user}:", f"{home}/ocpizza")
    return f"{home}/ocpizza"


def wait_for_address(process: subprocess.Popen, log: Path) -> str:
    """What it printed once the address is there; the process must not have ended."""
    while "OC Pizza: http://" not in log.read_text():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
    return log.read_text()


@contextmanager
def running(debian: CleanDebian, place: str, user: str, log: Path) -> Iterator[str]:
    """The shop runs meanwhile; gives what `make run` had printed when it did."""
    with log.open("w") as output:
        process = debian.start("make", "-C", place, "run", user=user, output=output)
    try:
        yield wait_for_address(process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def owners(debian: CleanDebian, place: str) -> set[str]:
    """Whose the shop's files are."""
    return set(debian.inside("find", f"{place}/var", "-printf", "%u\n").split())


def test_make_run_serves_the_demo_shop_and_keeps_its_data(debian, tmp_path):
    place = check_out(debian, "someone", 6571)
    for start in ("first", "second"):
        with running(debian, place, "someone", tmp_path / f"{start}.log") as printed:
            home = urllib.request.urlopen("http://127.0.0.1:6571/", timeout=30).read().decode()
        assert "manager.republique" in printed
        assert "Ouvert jusqu’à" in home
        restaurants = re.findall(r'href="(/pizzeria/[a-z0-9-]+)"', home)
        assert len(set(restaurants)) == 5
    assert owners(debian, place) == {"someone"}
    # Root, who needs not install it all again for that.
    debian.inside("chown", "-R", "root:", place)
    with running(debian, place, "root", tmp_path / "root.log") as printed:
        urllib.request.urlopen("http://127.0.0.1:6571/", timeout=30)
    assert owners(debian, place) == {"root"}


def test_make_without_venv_names_the_package(debian):
    place = check_out(debian, "root", 6573)
    debian.inside("rm", "-r", "/usr/lib/python3.11/ensurepip")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        debian.inside("make", "-C", place, "run")
    assert "apt install python3-venv" in failed.value.stderr
