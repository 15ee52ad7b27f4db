"""Write an archive: a tar of files whose size nobody knows before they are written."""

import hashlib
import tarfile
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from ocpizza.operations.backup.manifest import NAME, Manifest, Member


class ArchiveWriter:
    """Writes members one after the other, the manifest last, into a file that can seek."""

    def __init__(self, file: BinaryIO, at: datetime) -> None:
        self.file, self.at = file, at
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a member, and note its size and digest."""
        begin = self.file.tell()
        # Its size is known at the end; the header is as long with any.
        self.file.write(bytes(len(self._header(name, 0))))
        size, digest = 0, hashlib.sha256()
        for chunk in chunks:
            self.file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self.file.write(bytes(-size % tarfile.BLOCKSIZE))
        self.file.seek(begin)
        self.file.write(self._header(name, size))
        self.file.seek(0, 2)
        self.members[name] = Member(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the end of the tar."""
        self.add(NAME, [manifest.to_json()])
        self.file.write(bytes(2 * tarfile.BLOCKSIZE))

    def _header(self, name: str, size: int) -> bytes:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self.at.timestamp())
        return info.tobuf(tarfile.GNU_FORMAT)
