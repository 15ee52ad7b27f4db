"""What is a command of the manual, and what only names one."""

import pytest

from handbook.reading import commands, is_mention, pieces, typed
from handbook.shapes import missing

MANUAL = """\
# A chapter

Once `ocpizza deploy` has ended, `sudo systemctl
stop postgresql` is for those who wait (`ok`, `[site] url`, `not here`).

```sh
sudo ocpizza deploy
sudo ocpizza update FOLDER \\
    --dry-run
```

| for | `sudo ocpizza status` |

```sh
#!/bin/sh
exec true
```

```
ok   disk   12 GiB
```
"""


def found() -> list[str]:
    known = typed(MANUAL)
    return [
        command
        for piece in pieces(MANUAL)
        for command in commands(piece)
        if not is_mention(command, known)
    ]


def test_commands_are_found_in_blocks_in_tables_and_in_running_text_across_lines():
    assert found() == [
        "sudo systemctl stop postgresql",
        "sudo ocpizza deploy",
        "sudo ocpizza update FOLDER --dry-run",
        "sudo ocpizza status",
    ]


def test_each_piece_tells_what_it_is_and_where():
    assert [(p.kind, p.line) for p in pieces(MANUAL) if p.kind != "inline"] == [
        ("sh", 6),
        ("sh", 14),
        ("", 19),
    ]
    assert {p.section for p in pieces(MANUAL)} == {"A chapter"}


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("ok   disk   12 GiB", "one\nok disk 345 GiB\ntwo"),
        ("a\n…\nb 1", "a\nsomething\nelse\nb 22"),
        ("forgotten: ocpizza_previous_…", "forgotten: ocpizza_previous_20261201"),
    ],
)
def test_an_answer_has_the_shape_that_is_shown(shown, said):
    assert missing(shown, said) == ""


@pytest.mark.parametrize(
    ("shown", "said", "line"),
    [
        ("ok disk 12 GiB", "BAD disk 12 GiB", "ok disk 12 GiB"),
        ("a 1\nb 1", "b 1\na 1", "b 1"),
        ("a", "a 1", "a"),
        ("a 1", "a one", "a 1"),
    ],
)
def test_another_shape_or_order_is_missed(shown, said, line):
    assert missing(shown, said) == line
