"""The copyright file names the licence of whatever the package carries, or is not written."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LICENCE = "MIT License\n\nCopyright (c) 2020 Anna Forno\n\nPermission is granted.\n"


@pytest.fixture
def site(tmp_path) -> Path:
    """The site-packages of a virtual environment with one distribution, `oven`, in it."""
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    files = {
        "oven/__init__.py": "",
        "oven/hot.py": "",
        "oven-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: oven\nVersion: 1.0\n"
        "License: MIT\nAuthor: Bruno Pala\n",
        "oven-1.0.dist-info/licenses/LICENSE": LICENCE,
        "oven-1.0.dist-info/RECORD": "oven/__init__.py,,\noven/hot.py,,\n"
        "oven-1.0.dist-info/METADATA,,\noven-1.0.dist-info/licenses/LICENSE,,\n",
    }
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    return site


def copyright_of(site: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "debian/third_party.py", site.parents[2], "debian/copyright"]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)


def without_licence_file(site: Path) -> None:
    record = site / "oven-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text().replace("oven-1.0.dist-info/licenses/LICENSE,,\n", ""))


def rename_licence(site: Path, name: str) -> None:
    metadata = site / "oven-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("License: MIT\n", name))


def test_a_distribution_has_its_files_its_owner_and_its_licence(site):
    written = copyright_of(site).stdout
    assert written.startswith((REPOSITORY / "debian" / "copyright").read_text().strip())
    assert written.endswith(
        "\n\nFiles:\n */site-packages/oven-1.0.dist-info/*\n */site-packages/oven/*\n"
        "Copyright:\n Copyright (c) 2020 Anna Forno\n"
        "License: oven-MIT\n MIT License\n .\n Copyright (c) 2020 Anna Forno\n .\n"
        " Permission is granted.\n"
    )


def test_mit_without_a_text_is_the_known_one_with_its_author(site):
    without_licence_file(site)
    written = copyright_of(site).stdout
    assert "Copyright:\n Bruno Pala\nLicense: oven-MIT\n Copyright Bruno Pala\n" in written
    assert written.rstrip().endswith("SOFTWARE.")


def test_a_licence_that_debian_keeps_is_referred_to(site):
    apache = " " * 33 + "Apache License\n" + " " * 27 + "Version 2.0, January 2004\n"
    (site / "oven-1.0.dist-info" / "licenses" / "LICENSE").write_text(apache)
    assert " See /usr/share/common-licenses/Apache-2.0 " in copyright_of(site).stdout


def test_a_notice_goes_along_with_the_licence_and_says_whose_it_is(site):
    info = site / "oven-1.0.dist-info"
    apache = "Apache License\n  Version 2.0, January 2004\n"
    (info / "licenses/LICENSE").write_text(apache)
    (info / "licenses/NOTICE").write_text("Oven\nCopyright 2015 The Oven Authors\nHas a door.\n")
    record = info / "RECORD"
    record.write_text(f"{record.read_text()}oven-1.0.dist-info/licenses/NOTICE,,\n")
    written = copyright_of(site).stdout
    assert "Copyright:\n Copyright 2015 The Oven Authors\n" in written
    assert "\n Has a door.\n" in written


def test_a_licence_that_debian_keeps_is_referred_to_from_within_another(site):
    apache = "Apache License\n   Version 2.0, January 2004\nTERMS\nlimitations under the License."
    (site / "oven-1.0.dist-info" / "licenses" / "LICENSE").write_text(f"Of oven\n{apache}\nThe end")
    written = copyright_of(site).stdout
    assert (
        " Of oven\n See /usr/share/common-licenses/Apache-2.0 for the full text.\n The end"
        in written
    )
    assert "TERMS" not in written


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("License: Secret\n", "oven ships no licence text"), ("", "oven names no licence")],
)
def test_an_unknown_licence_fails_the_build(site, name, complaint):
    without_licence_file(site)
    rename_licence(site, name)
    refused = copyright_of(site)
    assert refused.returncode == 1
    assert refused.stderr.startswith(complaint)


def test_a_bundled_library_that_nobody_named_fails_the_build(site):
    library = site / "psycopg_binary.libs" / "libnew-0123abcd.so.1"
    library.parent.mkdir()
    library.write_bytes(b"")
    refused = copyright_of(site)
    assert refused.returncode == 1
    assert "does not name psycopg_binary.libs/libnew" in refused.stderr
    library.rename(library.with_name("libpq-0123abcd.so.5"))
    assert copyright_of(site).returncode == 0
