"""What the source of the Debian package promises, seen without building it."""

import re
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from ocpizza import __version__
from ocpizza.settings import SETTINGS, load_settings

REPOSITORY = Path(__file__).parents[2]
DEBIAN = REPOSITORY / "debian"
# An upgrade asks about a file that the administrator edited and whose original changed: no one is
# there to answer an unattended one. What has to change goes to /usr/share/ocpizza.
ORIGINALS = {
    "debian/etc/ocpizza.ini": "4949cbed5e8d6904d8fa0aafdbcbcc56c04b57f89fb84a5d4d69691dc38896b0",
    "nginx/ocpizza": "3c579a0c0f586802af6ff9b711394a768705402221a67b1228a3bdd24fd67f18",
    "debian/ufw/ocpizza": "6e7b7cf4729da09efc3b7f143ace95dcd7814ed23cd11fedc7c7604169761f1e",
    "debian/ocpizza.logrotate": "6407131e9bfea1c78dc8b87d7efc5a9aabf981fb1a1f2234c9d92cc709de4acd",
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_files_that_an_administrator_edits_never_change_between_versions(name):
    assert sha256((REPOSITORY / name).read_bytes()).hexdigest() == ORIGINALS[name]


def test_the_package_and_the_program_have_one_version():
    last = (DEBIAN / "changelog").read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"ocpizza \((.+)\) bookworm; urgency=\w+$", last)[1] == __version__


def test_the_changelog_is_one_of_debian():
    if not Path("/usr/bin/dpkg-parsechangelog").exists():
        pytest.skip("dpkg-dev is not installed")
    parsed = subprocess.run(
        ["dpkg-parsechangelog", "--all", "--file", DEBIAN / "changelog"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert parsed.stderr == ""


def test_the_settings_of_an_installed_package_are_complete(tmp_path):
    stub = (DEBIAN / "etc" / "ocpizza.ini").read_text(encoding="utf-8")
    config = tmp_path / "ocpizza.ini"
    shipped = "/usr/share/ocpizza/ocpizza.ini"
    config.write_text(stub.replace(shipped, str(DEBIAN / "share" / "ocpizza.ini")))
    assert stub.count(shipped) == 1
    settings = load_settings(config, {})
    folders = [settings[setting.name] for setting in SETTINGS if setting.read is Path]
    assert folders
    assert all(folder.is_relative_to("/var") for folder in folders if not _shipped(folder))
    assert settings["system.user"] == "ocpizza"


def _shipped(folder: Path) -> bool:
    return folder.is_relative_to("/usr/share/ocpizza") or folder.is_relative_to("/run/ocpizza")


@pytest.mark.parametrize("script", ["preinst", "postinst", "prerm", "postrm"])
def test_maintainer_scripts_call_ocpizza_and_hold_no_logic(script):
    text = (DEBIAN / f"ocpizza.{script}").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 20
    assert not re.search(r"\b(sed|systemctl|service|psql)\b", text)
    subprocess.run(["sh", "-n"], input=text, text=True, check=True)


def test_locked_requirements_name_no_registry():
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_every_locked_requirement_is_hashed():
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.M)
        for requirement in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(
                r"[a-z0-9-]+==\S+( ; .+)? \\\n\s+--hash=sha256:[0-9a-f]{64}", requirement
            )
