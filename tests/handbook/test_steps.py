"""The walk's own words are those of the manual: here at once, where no machine is booted."""

from handbook.chapters import continuous, deployment, running, saving, updating, watching
from handbook.reading import MANUAL, commands, pieces
from handbook.steps import Steps

PIECES = pieces(MANUAL.read_text())
STEPS = Steps.of(
    *(chapter.at for chapter in (deployment, running, updating, watching, saving, continuous))
)
KEYS = {
    (section, key)
    for piece in PIECES
    for key in (piece.first_line, *commands(piece))
    for section in (piece.section, "")
}


def test_every_step_is_at_something_that_the_manual_has():
    assert [at for at in STEPS.at if at not in KEYS] == []


def test_every_exception_is_of_a_command_that_the_manual_has():
    named = {*STEPS.exceptions, *STEPS.statuses}
    assert [command for command in named if ("", command) not in KEYS] == []
