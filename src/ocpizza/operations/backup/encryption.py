"""Archives that only the owner of a private key can read: age, from Debian."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from ocpizza.operations.backup.clients import converting, program
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import usable
from ocpizza.operations.backup.reading import CHUNK

MAGIC = b"age-encryption.org/"


def encrypt(plain: BinaryIO, target: BinaryIO, recipient: str) -> None:
    """Write what only `recipient` can read, and see that the disk has it."""
    plain.seek(0)
    with converting([program("age"), "--encrypt", "-r", recipient], _chunks(plain)) as made:
        written = _digest(_writing(target, made))
    target.flush()
    os.fsync(target.fileno())
    target.seek(0)
    if _digest(_chunks(target)) != written:
        raise BackupError("the archive reads otherwise than it was written: check the disk")


@contextmanager
def decrypted(file: BinaryIO, folder: Path, key: bytes) -> Iterator[BinaryIO]:
    """The plain archive of a file; what has to be decrypted has no name while it is there."""
    begin = file.read(len(MAGIC))
    file.seek(0)
    if begin != MAGIC:
        yield file
        return
    if not key:
        raise BackupError("the archive is encrypted: name the private key with --identity FILE")
    with usable(folder), TemporaryFile(dir=folder) as plain:
        _decrypt(file, plain, key)
        plain.seek(0)
        yield plain


def _decrypt(file: BinaryIO, plain: IO[bytes], key: bytes) -> None:
    age = program("age")
    # Not by its name: the file may be root's alone.
    reading, writing = os.pipe()
    try:
        with open(writing, "wb") as pipe:  # noqa: PTH123
            # A key is some hundred bytes; a pipe takes them without a reader.
            pipe.write(key[:4096])
        command = [age, "--decrypt", "-i", f"/dev/fd/{reading}"]
        with converting(command, _chunks(file), files=(reading,)) as made:
            for _ in _writing(plain, made):
                pass
    except BackupError as error:
        raise BackupError(
            f"the archive cannot be decrypted ({error}): another private key, or another archive"
        ) from error
    finally:
        os.close(reading)


def _writing(target: IO[bytes], source: IO[bytes]) -> Iterator[bytes]:
    for chunk in _chunks(source):
        target.write(chunk)
        yield chunk


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _digest(chunks: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()
