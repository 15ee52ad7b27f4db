"""Room on the disk of what sells, which nothing that is done beside it may fill."""

from pathlib import Path

from ocpizza.operations.backup.drill import MARGIN
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.disks import GIB, disks


def refuse_little_room(folder: Path, needed: int, purpose: str) -> None:
    """Raises BackupError where a disk has less than that, and some more, for a purpose."""
    (disk,) = disks([folder])
    if disk.free < needed + MARGIN:
        gib = (needed + MARGIN) / GIB
        raise BackupError(f"{disk}: too little to {purpose}, {gib:.1f} GiB needed")
