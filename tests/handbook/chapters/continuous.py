"""« En continu »: what needs an instance of PostgreSQL that is archived for a while, and lost.

`tests/operations/continuous` does all of it to one of its own, with pgbackrest: a walk would cost
as much again as the rest of the manual.
"""

from handbook.steps import Steps
from handbook.walk import Here, Walk

at = Steps()
THERE = "tests/operations/continuous does it to an instance of its own"
SAID_BESIDE = "words of a sentence, which says of what"
at.exceptions = {
    **dict.fromkeys(
        (
            "sudo apt install pgbackrest",
            "sudo ocpizza backup --continuous enable",
            "sudo ocpizza backup --continuous status",
            "sudo ocpizza backup --continuous disable",
            "sudo ocpizza restore --at '2026-11-28 20:14' --stop",
            "sudo pg_dropcluster --stop 15 main",
            "sudo pg_createcluster 15 main --start",
            "[global]",
        ),
        THERE,
    ),
    **dict.fromkeys(("sudo chown postgres", "sudo chmod 400", "sudo systemctl edit"), SAID_BESIDE),
}


@at("[backup]", "En continu")
def days_are_a_setting(walk: Walk, here: Here) -> None:
    """A passphrase is for the first time that it is enabled."""
    walk.set("[backup]\ncontinuous_days = 30\n")


@at("sudo ocpizza deploy", "Revenir à un instant")
def nothing_was_lost_here(walk: Walk, here: Here) -> None:
    """What it puts in place anew has just been made there by hand."""
