"""An archive that is not whole, or not ours, is refused before anything of it is used."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ocpizza import __version__
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.reading import check, strange_links
from ocpizza.operations.backup.stages import Stages

Members = list[tuple[tarfile.TarInfo, bytes]]
LINKS = {"a symlink": tarfile.SYMTYPE, "a hard link": tarfile.LNKTYPE, "a device": tarfile.CHRTYPE}
NAMES = ("/etc/passwd", "../shop", "overlay/../../shop", "overlay//shop", "overlay/./shop", "shop")


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    """Reading an archive has nothing to do with what is in it."""
    return request.param


@pytest.fixture
def rebuilt(shop, tmp_path) -> Callable[[Callable[[Members], Members]], Path]:
    """Makes an archive again with other members."""

    def build(change: Callable[[Members], Members]) -> Path:
        with tarfile.open(shop.back_up().path) as tar:
            members = [(member, tar.extractfile(member).read()) for member in tar]
        path = tmp_path / "rebuilt.tar"
        with tarfile.open(path, "w") as tar:
            for info, content in change(members):
                info.size = len(content) if info.isreg() else 0
                tar.addfile(info, io.BytesIO(content))
        return path

    return build


def refused(shop, archive: Path, match: str) -> None:
    """It is refused in one line, and nothing is changed or left behind."""
    before = shop.rows()
    with pytest.raises(BackupError, match=match) as caught:
        shop.restore(archive)
    assert "\n" not in str(caught.value)
    assert shop.rows() == before
    assert shop.left_over() == []


def with_manifest(**changes) -> Callable[[Members], Members]:
    def change(members: Members) -> Members:
        *others, (info, content) = members
        manifest = json.loads(content)
        for name, value in changes.items():
            manifest[name] = value(manifest[name]) if callable(value) else value
        return [*others, (info, json.dumps(manifest).encode())]

    return change


def test_one_that_was_only_packed_again_is_as_good(shop, rebuilt):
    before = shop.rows()
    shop.restore(rebuilt(lambda members: members))
    assert shop.rows() == before


@pytest.mark.parametrize("part", [0, 0.05, 0.5, 0.9, 0.97])
def test_one_that_is_cut(shop, part):
    archive = shop.back_up().path
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * part)])
    refused(shop, archive, "damaged|missing|cut")


def test_one_with_any_byte_of_a_member_changed(shop):
    content = shop.back_up().path.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        *members, _manifest = [(member.offset_data, member.size) for member in tar]
    for begin, size in members:
        for at in (begin, begin + size // 2, begin + size - 1):
            changed = bytearray(content)
            changed[at] ^= 1
            with pytest.raises(BackupError, match=r"is damaged in the archive"):
                check(io.BytesIO(changed), Stages())


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"\x1f\x8b" * 600, b"text\n" * 5000])
def test_what_is_no_archive(shop, tmp_path, content):
    path = tmp_path / "other.tar"
    path.write_bytes(content)
    refused(shop, path, "the archive is damaged or cut")


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("name", ["overlay/shop", "settings/ocpizza.ini"])
def test_one_with(shop, rebuilt, kind, name):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = LINKS[kind], "/etc/passwd"
    refused(shop, rebuilt(lambda members: [(info, b""), *members]), "the archive holds '")


@pytest.mark.parametrize("name", NAMES)
def test_one_with_a_member_that_has_no_place(shop, rebuilt, name):
    added = (tarfile.TarInfo(name), b"x")
    refused(shop, rebuilt(lambda members: [added, *members]), "the archive holds '")


def test_one_with_a_member_twice(shop, rebuilt):
    refused(shop, rebuilt(lambda members: [members[0], *members]), "the archive holds '")


def test_one_with_a_member_that_nobody_knows(shop, rebuilt):
    added = (tarfile.TarInfo("overlay/shop.py"), b"x")
    refused(shop, rebuilt(lambda members: [added, *members]), "manifest does not know overlay/shop")


def test_one_that_lacks_a_member(shop, rebuilt):
    refused(shop, rebuilt(lambda members: members[1:]), r"database\.\w+ is missing in the archive")
    refused(shop, rebuilt(lambda members: members[:-1]), "the archive is damaged or cut")


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"format": 2}, rf"made by version {__version__}, which is newer"),
        ({"version": "99.0"}, r"made by version 99\.0 .*install that version first"),
        ({"revision": "9999"}, r"schema 9999\), this is .*install that version first"),
        ({"made_at": "yesterday"}, "manifest is damaged"),
        ({"members": 5}, "manifest is damaged"),
        ({"links": {"current": "../../../etc"}}, "the archive links 'current' to"),
        ({"links": {"../current": "releases"}}, "the archive links '../current' to"),
        ({"kind": "oracle"}, "the archive holds no database"),
        ({"tables": lambda tables: tables | {"orders": tables["account"]}}, "table orders: 1 rows"),
        ({"tables": lambda t: {n: t[n] for n in t if n != "orders"}}, "the manifest says absent"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_one_whose_manifest_says_otherwise(shop, rebuilt, changes, match):
    refused(shop, rebuilt(with_manifest(**changes)), match)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_one_of_a_newer_postgresql_or_of_another_kind(shop, rebuilt):
    refused(shop, rebuilt(with_manifest(server="99.1")), r"comes from PostgreSQL 99\.1, this serv")

    def as_sqlite(members: Members) -> Members:
        members[0][0].name = "database.sqlite"
        renamed = with_manifest(
            kind="sqlite",
            members=lambda known: {
                name.replace(".dump", ".sqlite"): one for name, one in known.items()
            },
        )
        return renamed(members)

    refused(shop, rebuilt(as_sqlite), "holds a database of sqlite, database.url names one of post")


def test_one_with_a_manifest_that_would_fill_the_memory(shop, rebuilt, monkeypatch):
    archive = rebuilt(lambda members: members)
    monkeypatch.setattr("ocpizza.operations.backup.reading.MAX_BYTES", 100)
    refused(shop, archive, "the archive is damaged or cut")


@pytest.mark.parametrize(
    "links",
    [
        {"p/q/r": "../..", "p/q/r/s": "../../.."},
        {"current": "releases", "current/page": "../page"},
        {"a": "b", "c": "a/d"},
        {"out": "../outside"},
        {"x": ".", "a": "x/..", "b": "a/..", "c": "b/../etc/shadow"},
        {"root": "/etc"},
        {"number": 7},
    ],
    ids=["climbing", "below a link", "through a link", "out", "up and down", "absolute", "no text"],
)
def test_links_that_lead_elsewhere_be_it_through_each_other(shop, rebuilt, links):
    refused(shop, rebuilt(with_manifest(links=links)), "take another")


def test_a_file_that_would_be_written_through_a_link():
    assert strange_links({"current": "releases"}, ["current/page.html"]) == ["current"]
    assert strange_links({"current": "releases/1"}, ["releases/1/page.html"]) == []


def test_a_file_with_holes_is_not_of_ours(shop, rebuilt):
    def change(members: Members) -> Members:
        info = tarfile.TarInfo("overlay/holes")
        info.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.map": "0,0",
            "GNU.sparse.size": str(2**60),
        }
        return [(info, b""), *members]

    refused(shop, rebuilt(change), "overlay/holes")


@pytest.mark.parametrize(
    "manifest",
    [b"[" * 200_000, b"{}", b"[]", b"null"],
    ids=["deep", "empty", "a list", "nothing"],
)
def test_a_manifest_that_is_none(shop, rebuilt, manifest):
    def change(members: Members) -> Members:
        *others, (info, _) = members
        return [*others, (info, manifest)]

    refused(shop, rebuilt(change), "manifest is damaged")


@pytest.mark.parametrize(
    "changes", [{"server": "newest"}, {"made_at": "2026-11-29T06:00:00"}, {"version": 3}]
)
def test_a_manifest_with_a_value_of_another_kind(shop, rebuilt, changes):
    refused(shop, rebuilt(with_manifest(**changes)), "manifest is damaged")
