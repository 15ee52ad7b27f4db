"""A choice of a field: the value that is sent, and what is read."""

from typing import Any

# The published types are of WTForms 3.2, which had pairs only.
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

Choice = tuple[Any, str]


def choice(value: object, label: str | None = None) -> Choice:
    made: Choice = SelectChoice(value, label)
    return made
