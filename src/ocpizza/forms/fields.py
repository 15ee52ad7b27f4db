"""Fields for what people type in French: euros, times of day, dates with a time in Paris."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from wtforms import DateField, IntegerField, StringField, ValidationError

from ocpizza.domain.hours import PARIS
from ocpizza.domain.plain_text import compatible
from ocpizza.i18n import _

EUROS = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?\s*€?", re.ASCII)
TIME = re.compile(r"(\d{1,2})[:hH](\d{2})", re.ASCII)
LOCAL = "%Y-%m-%dT%H:%M"
# What browsers send, and what people type where there is nothing to pick from.
DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
BUSINESS_DAY, DAY = 360, 1440
# Of a number that anybody means; far longer ones cannot be compared by the checks that follow.
MAX_DIGITS = 20


class WholeField(IntegerField):
    """A whole number; one of absurd length is larger than any that is allowed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if len(text) > MAX_DIGITS:
            valuelist = [str(10**MAX_DIGITS) if text.isdecimal() else "?"]
        super().process_formdata(valuelist)


class DayField(DateField):
    """A day, typed or picked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([compatible(each) for each in valuelist])


class TypedField(StringField):
    """A text that stands for a value; what cannot be read is shown again as it was typed."""

    wrong = ""
    data: Any  # of each kind its own
    parse: Callable[[str], Any]
    write: Callable[[Any], str]

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        self.typed = "" if value is None else self.write(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed, self.data = compatible(valuelist[0])[:100], None
        text = self.typed
        if not text:
            return
        self.data = self.parse(text)
        if self.data is None:
            raise ValidationError(self.wrong)

    def _value(self) -> str:
        return self.typed


class EurosField(TypedField):
    """Cents, typed « 3,50 »."""

    wrong = _("Indiquez une somme comme 3,50.")
    data: int | None

    @staticmethod
    def parse(text: str) -> int | None:
        found = EUROS.fullmatch(text)
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None

    @staticmethod
    def write(cents: int) -> str:
        return f"{cents // 100},{cents % 100:02}"


class MinuteField(TypedField):
    """A minute of the business day, typed « 18:30 »; the `last` one may be 06:00 in the morning."""

    wrong = _("Indiquez une heure comme 18:30.")
    data: int | None

    def __init__(self, *arguments: Any, last: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.last = last

    def parse(self, text: str) -> int | None:
        found = TIME.fullmatch(text)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            return None
        minute = int(found[1]) * 60 + int(found[2])
        at_night = minute <= BUSINESS_DAY if self.last else minute < BUSINESS_DAY
        return minute + DAY if at_night else minute

    @staticmethod
    def write(minute: int) -> str:
        return f"{minute // 60 % 24:02}:{minute % 60:02}"


class ParisTimeField(TypedField):
    """An aware UTC time, given as a date and a time in Paris."""

    wrong = _("Indiquez une date et une heure comme 2026-12-24T18:00.")
    data: datetime | None

    @staticmethod
    def parse(text: str) -> datetime | None:
        try:
            local = datetime.strptime(text[:16], LOCAL).replace(tzinfo=PARIS)
        except ValueError:
            return None
        return local.astimezone(UTC) if 2000 <= local.year < 2100 else None

    @staticmethod
    def write(at: datetime) -> str:
        return f"{at.astimezone(PARIS):%Y-%m-%dT%H:%M}"
