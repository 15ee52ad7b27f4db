"""Read an archive that may come from anywhere: nothing of it is used before all is checked."""

import hashlib
import posixpath
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import dropwhile
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.manifest import MAX_BYTES, NAME, Manifest, Member
from ocpizza.operations.backup.stages import Stages

DATABASES = {"postgresql": "database.dump", "sqlite": "database.sqlite"}
SETTINGS = "settings/ocpizza.ini"
ERASURES = "erasures"
OVERLAY = "overlay/"
CHUNK = 2**18
DAMAGED = "the archive is damaged or cut: take another one"


class Archive:
    """A checked archive: its manifest, and what its members hold."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    @property
    def database(self) -> str:
        """The member that holds the database."""
        return DATABASES[self.manifest.kind]

    def chunks(self, name: str) -> Iterator[bytes]:
        """What a member holds."""
        return _chunks(_file(self._tar, self._tar.getmember(name)))


def check(file: BinaryIO, stages: Stages) -> Archive:
    """Return an archive whose every byte is what its manifest says. Raises BackupError."""
    try:
        # One that is compressed was not made by us.
        tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115  (the archive keeps it)
        members = _members(tar)
        manifest = _manifest(tar, members)
        with stages.stage("check the archive", len(manifest.members)) as advance:
            for name, member in members.items():
                if name != NAME:
                    _compare(name, manifest.members.get(name), _measure(tar, member))
                    advance()
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(DAMAGED) from error
    if lost := manifest.members.keys() - members.keys():
        raise BackupError(f"{min(lost)} is missing in the archive: take another one")
    if DATABASES.get(manifest.kind) not in members:
        raise BackupError("the archive holds no database: take another one")
    beside = (name.removeprefix(OVERLAY) for name in manifest.members if name.startswith(OVERLAY))
    for name in strange_links(manifest.links, beside):
        target = manifest.links[name]
        raise BackupError(f"the archive links {name!r} to {target!r}: take another one")
    return Archive(tar, manifest)


def peek(file: BinaryIO) -> Manifest:
    """Return the manifest of an archive that is as long as it says. Raises BackupError."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            return _manifest(tar, _members(tar))
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(DAMAGED) from error


def safe(name: str) -> bool:
    """Whether a name stays inside of where it is put."""
    path = PurePosixPath(name)
    return bool(name) and str(path) == name and not path.is_absolute() and ".." not in path.parts


def stays_inside(name: str, target: str) -> bool:
    """Whether a link of this name leads to something beside it, or below."""
    end = _end(name, target)
    # Only at its beginning: elsewhere `..` leads out of wherever a link before it leads.
    below = list(dropwhile("..".__eq__, PurePosixPath(target).parts))
    return (
        ".." not in below
        and not posixpath.isabs(target)
        and end != ".."
        and not end.startswith("../")
    )


def strange_links(links: Mapping[str, str], files: Iterable[str] = ()) -> list[str]:
    """Return the links that lead out of where they are put, be it by way of another link.

    Those too that `files` would be written through.
    """
    through = {parent for name in files for parent in _parents(name)}
    return [
        name
        for name, target in links.items()
        if not safe(name)
        or not stays_inside(name, target)
        or name in through
        or any(parent in links for parent in _parents(name))
        or any(parent in links for parent in _parents(_end(name, target)))
    ]


def _end(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def _parents(name: str) -> list[str]:
    return [path.as_posix() for path in PurePosixPath(name).parents]


def _members(tar: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    known = {NAME, SETTINGS, ERASURES, *DATABASES.values()}
    members: dict[str, tarfile.TarInfo] = {}
    for member in tar:
        ours = member.name in known or member.name.startswith(OVERLAY)
        # One with holes would be as long as it likes.
        plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()
        if not (ours and plain and safe(member.name)) or member.name in members:
            raise BackupError(f"the archive holds {member.name!r}, which `ocpizza backup` does not")
        members[member.name] = member
    return members


def _manifest(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> Manifest:
    if NAME not in members or members[NAME].size > MAX_BYTES:
        raise BackupError(DAMAGED)
    return Manifest.from_json(b"".join(_chunks(_file(tar, members[NAME]))))


def _compare(name: str, said: Member | None, found: Member) -> None:
    if said is None:
        raise BackupError(f"the archive's manifest does not know {name}: take another archive")
    if said != found:
        raise BackupError(f"{name} is damaged in the archive: take another one")


def _measure(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Member:
    size, digest = 0, hashlib.sha256()
    for chunk in _chunks(_file(tar, member)):
        size += len(chunk)
        digest.update(chunk)
    return Member(size, digest.hexdigest())


def _file(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    if file is None:
        raise BackupError(DAMAGED)
    return file


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
