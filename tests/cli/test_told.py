"""What a command shows of how far it has come: to a terminal, and to nobody else."""

from io import StringIO

import pytest

from ocpizza.cli.told import Bar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch):
    """What is shown on stderr of a kind, after two steps and something said between them."""

    def show(stderr: StringIO) -> str:
        monkeypatch.setattr("sys.stderr", stderr)
        with Bar("recompute", 2) as bar:
            bar.advance()
            bar.clear()
            bar.advance()
        return stderr.getvalue()

    return show


def test_a_terminal_sees_a_bar_that_leaves_its_line_to_what_is_said(shown):
    text = shown(Terminal())
    half, whole = text.split("\r\x1b[2K")
    assert "recompute" in half
    assert "50%" in half
    assert "100%" in whole
    assert text.endswith("\n")


def test_a_log_has_nothing_of_it(shown):
    assert shown(StringIO()) == ""
