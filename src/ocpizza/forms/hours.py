"""The hours of a restaurant, typed as people write them: « 11:30-14:00, 18:00-1:00 »."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField
from wtforms.validators import Length

from ocpizza.domain.hours import Opening, Span, in_order
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.fields import BUSINESS_DAY, DAY, TypedField
from ocpizza.i18n import _

HOUR = r"([0-9]{1,2})\s*(?:[h:.]\s*([0-9]{2})?)?|(midi|noon)|(minuit|midnight)"
SPAN = re.compile(rf"(?:de\s+)?(?:{HOUR})\s*(?:-|[^\W\d_]{{1,2}})\s*(?:{HOUR})", re.IGNORECASE)
BETWEEN = re.compile(r"\s*(?:[,;/+]|\bet\b|\band\b)\s*", re.IGNORECASE)
CLOSED = re.compile(r"ferm\w{1,3}|closed|-", re.IGNORECASE)
MAX_SPANS = 6
NOON = 12 * 60
WEEKDAYS = tuple(
    f"{day}_hours"
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


class SpansField(TypedField):
    """The spans of a business day; nothing, or « fermé », is a day without any."""

    wrong = _("Indiquez des heures comme 11:30-14:00, 18:00-1:00.")
    data: tuple[Span, ...] | None

    @staticmethod
    def parse(text: str) -> tuple[Span, ...] | None:
        if CLOSED.fullmatch(text):
            return ()
        found = [SPAN.fullmatch(part) for part in BETWEEN.split(text) if part]
        if not found or len(found) > MAX_SPANS:
            return None
        spans = []
        for each in found:
            opens, closes = (
                _minute(*each.groups()[at : at + 4]) if each else None for at in (0, 4)
            )
            if opens is None or closes is None:
                return None
            opens += DAY if opens < BUSINESS_DAY else 0
            closes += DAY if closes <= BUSINESS_DAY else 0
            spans.append(Span(opens, closes))
        return tuple(sorted(spans))

    @staticmethod
    def write(spans: tuple[Span, ...]) -> str:
        return ", ".join(f"{_typed(opens)}-{_typed(closes)}" for opens, closes in spans)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if any(span.opens_minute >= span.closes_minute for span in self.data or ()):
            self.errors = [_("La fin vient avant le début. Une journée va de 6 h à 6 h.")]
        elif self.data and in_order(self.data) is None:
            self.errors = [_("Deux plages se recouvrent.")]

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is meant, once the form is valid."""
        return in_order(self.data or ()) or ()


class HoursForm(BaseForm):
    """A week; `seen` is what its page said it was."""

    monday_hours = SpansField()
    tuesday_hours = SpansField()
    wednesday_hours = SpansField()
    thursday_hours = SpansField()
    friday_hours = SpansField()
    saturday_hours = SpansField()
    sunday_hours = SpansField()
    seen = HiddenField(validators=[Length(max=64)])

    @classmethod
    def of(cls, facts: Mapping[str, Any], seen: str) -> "HoursForm":
        """Return the form with these hours in it, day by day."""
        days = {name: tuple(Span(*span) for span in spans) for name, spans in facts.items()}
        return cls(None, data={"seen": seen, **days})

    def __init__(self, formdata: FormData | None, data: dict[str, Any] | None = None) -> None:
        super().__init__(formdata, data=data)

    @property
    def days(self) -> list[Any]:
        return [self[name] for name in WEEKDAYS]

    @property
    def facts(self) -> dict[str, Any]:
        """What is meant, day by day."""
        return {field.name: [list(span) for span in field.spans] for field in self.days}

    @property
    def openings(self) -> list[Opening]:
        """What is meant, once the form is valid."""
        return [Opening(day, *span) for day, field in enumerate(self.days) for span in field.spans]


def _minute(
    hours: str | None, minutes: str | None, noon: str | None, _night: str | None
) -> int | None:
    if hours is None:
        return NOON if noon else 0
    minute = int(hours) * 60 + int(minutes or 0)
    return minute % DAY if int(hours) <= 24 and int(minutes or 0) < 60 and minute <= DAY else None


def _typed(minute: int) -> str:
    return f"{minute // 60 % 24}:{minute % 60:02}"
