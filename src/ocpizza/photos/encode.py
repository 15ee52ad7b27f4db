"""Have an uploaded file made into a photo, within limits that hold whatever the file is.

Decoders are written in C and read what strangers wrote: theirs is a process of its own, which ends
with the photo, or when its time is over. Pillow's limits keep its memory within bounds.
"""

import subprocess
import sys
from threading import Lock

import structlog

from ocpizza.domain.photo import Fault, NotAPhoto, Photo
from ocpizza.photos.decode import REFUSED

# Seconds. A photo of a telephone takes less than one.
MOST, PATIENCE = 8, 10
COMMAND = (sys.executable, "-I", "-m", "ocpizza.photos.decode")
# One at a time in each process of the site: that many times its memory is all it may take.
_turn = Lock()
log = structlog.get_logger()


def encode(content: bytes) -> Photo:
    """Return the photo that is in a file. Raises NotAPhoto."""
    if not _turn.acquire(timeout=PATIENCE):
        raise NotAPhoto(Fault.BUSY)
    try:
        return _encode(content)
    finally:
        _turn.release()


def _encode(content: bytes) -> Photo:
    try:
        done = subprocess.run(  # noqa: S603
            COMMAND, input=content, capture_output=True, timeout=MOST, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise NotAPhoto(Fault.TOO_SLOW) from error
    except OSError as error:
        # An upgrade is replacing the program, or the host has no memory left.
        log.error("a photo cannot be read now", reason=str(error))
        raise NotAPhoto(Fault.BUSY) from error
    if done.returncode == REFUSED:
        raise NotAPhoto(Fault(done.stdout.decode()))
    if done.returncode:
        log.error("a photo ended the process that read it", status=done.returncode)
        raise NotAPhoto(Fault.DAMAGED)
    end = 4 + int.from_bytes(done.stdout[:4])
    return Photo(done.stdout[4:end], done.stdout[end:])
