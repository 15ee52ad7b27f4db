"""Static files for nginx: whole or not at all, compressed, and those of the last versions kept."""

import gzip
import os
import shutil
import stat
from pathlib import Path

import pytest

from ocpizza.operations.collect_static import KEPT, collect_static
from ocpizza.overlay.statics import static_folders
from ocpizza.static_files import FOLDER, digest


@pytest.fixture
def source(tmp_path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "source")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_all_files_are_there_under_the_address_that_pages_ask_for(tmp_path):
    folder = collect_static(tmp_path / "static")
    assert folder == tmp_path / "static" / digest()
    found = contents(folder)
    assert {name: text for name, text in found.items() if not name.endswith(".gz")} == contents(
        FOLDER
    )
    for name in ("app.css", "app.js", "icon.svg", "vendor/htmx.min.js"):
        assert gzip.decompress(found[f"{name}.gz"]) == found[name]


def test_nginx_may_read_them_all(tmp_path):
    usual = os.umask(0o077)
    try:
        folder = collect_static(tmp_path / "static")
    finally:
        os.umask(usual)
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_two_hosts_give_the_same_bytes_and_times(tmp_path):
    one, other = (collect_static(tmp_path / name) for name in ("one", "other"))
    assert contents(one) == contents(other)
    times = {path.stat().st_mtime for path in (*one.rglob("*.*"), *other.rglob("*.*"))}
    assert len(times) == 1


def test_again_changes_nothing(tmp_path):
    folder = collect_static(tmp_path / "static")
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    assert collect_static(tmp_path / "static") == folder
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before


def test_the_last_versions_are_kept_for_pages_shown_before_an_upgrade(tmp_path, source):
    folders = []
    for version in range(KEPT + 3):
        (source / "app.css").write_text(f"/* {version} */")
        folders.append(collect_static(tmp_path / "static", source))
        os.utime(folders[-1], (version, version))
    assert sorted(path.name for path in (tmp_path / "static").iterdir()) == sorted(
        folder.name for folder in folders[-1 - KEPT :]
    )


def test_going_back_to_an_older_version_keeps_that_one(tmp_path, source):
    first = collect_static(tmp_path / "static", source)
    os.utime(first, (0, 0))
    for version in range(KEPT):
        (source / "app.css").write_text(f"/* {version} */")
        os.utime(collect_static(tmp_path / "static", source), (version + 1, version + 1))
    shutil.copy(FOLDER / "app.css", source)
    assert collect_static(tmp_path / "static", source) == first
    (source / "app.css").write_text("/* new */")
    collect_static(tmp_path / "static", source)
    assert first.exists()


def test_what_cannot_be_copied_whole_leaves_nothing(tmp_path, source):
    (source / "app.css.gz").mkdir()
    (source / "app.css.gz" / "in-the-way.css").touch()
    with pytest.raises(OSError, match=r"app\.css\.gz"):
        collect_static(tmp_path / "static", source)
    assert list((tmp_path / "static").iterdir()) == []


def test_a_releases_files_are_collected_with_ours_and_kept_together(tmp_path, source):
    """Of several places, for as many updates as ours are kept for upgrades."""
    stylesheets = []
    for update in range(KEPT + 3):
        release = tmp_path / f"release{update}"
        for place in ("city_001", "city_002", "common"):
            file = release / place / "static/pages/app.css"
            file.parent.mkdir(parents=True)
            file.write_text(f"/* {place} {update} */")
        ours = collect_static(tmp_path / "static", source, release)
        stylesheets.append({*static_folders(release)})
        assert all(
            (tmp_path / "static" / name / "pages/app.css.gz").exists() for name in stylesheets[-1]
        )
    kept = {path.name for path in (tmp_path / "static").iterdir()}
    assert kept == {ours.name}.union(*stylesheets[-1 - KEPT :])
    assert len(kept) == 1 + 3 * (1 + KEPT)
    collect_static(tmp_path / "static", source)
    assert ours.exists()
