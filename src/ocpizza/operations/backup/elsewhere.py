"""A copy in another place, by a program of the administrator's."""

from pathlib import Path

from ocpizza.operations.backup.errors import NotCopied
from ocpizza.operations.privileges import run


def copy_elsewhere(program: str, archive: Path) -> None:
    """Run it with the archive's path. Raises NotCopied when it fails; the archive stays."""
    kept = f"{archive} is kept here"
    try:
        done = run([program, archive], errors="replace")
    except OSError as error:
        raise NotCopied(f"backup.copy: {program}: {error.strerror}; {kept}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise NotCopied(
            f"backup.copy: {program} ended with status {done.returncode} ({said[-1]}); {kept}"
        )
