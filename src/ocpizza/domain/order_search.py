"""UC6.1: an order that somebody looks for, by what they know of whom it is for."""

import re
from dataclasses import dataclass
from typing import Self

from ocpizza.domain.sorting import reading_order

PHONE = re.compile(r"[+0-9 ./()-]*", re.ASCII)
# What is dialled before a whole number: +33, 0033 or 0; the end of one may begin with 0, too.
DIALLED = re.compile(r"\A(?:(?:\+33|0033)0?|0(?=[0-9]{9}\Z))")
MIN_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Sought:
    """The last digits of a phone number, or letters of a name or an e-mail address."""

    digits: str
    letters: str

    @classmethod
    def of(cls, typed: str) -> Self:
        """Read what somebody typed."""
        if PHONE.fullmatch(typed):
            dialled = DIALLED.sub("", re.sub(r"[^+0-9]", "", typed), count=1)
            digits = re.sub(r"\D", "", dialled)
            if len(digits) >= MIN_DIGITS:
                return cls(digits, "")
        return cls("", reading_order(typed)[0])

    def fits(self, name: str, phone: str | None, email: str | None) -> bool:
        """Return whether an order for this person is meant."""
        if self.digits:
            return (phone or "").endswith(self.digits)
        known = (reading_order(name)[0], (email or "").casefold())
        return bool(self.letters) and any(self.letters in each for each in known)
