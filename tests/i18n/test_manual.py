"""The French manual is set as French is, and has one word for one thing."""

import re
from pathlib import Path

import pytest

MANUAL = (Path(__file__).parents[2] / "docs" / "exploitation.md").read_text()
# A word stands for code, which is written as a machine reads it.
PROSE = re.sub(r"```.*?```|`(?:[^`\n]|\n(?!\n))+`", "code", MANUAL, flags=re.DOTALL)
SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "loose",
    [
        # A sign that ends a word or a line, and what opens a quotation.
        rf"[^{SPACE}][:;!?»](?=[\s),.|*]|$)",
        rf"«[^{SPACE}]",
    ],
)
def test_no_line_breaks_before_a_sign_nor_within_quotation_marks(loose):
    assert re.findall(f"(?m).{{0,30}}(?:{loose}).{{0,10}}", PROSE) == []


@pytest.mark.parametrize("other", ["minuteur", "essai de restauration"])
def test_what_is_one_thing_has_one_name(other):
    assert other not in " ".join(PROSE.split()).lower()
