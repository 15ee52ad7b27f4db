"""French registrations of companies: SIRET and VAT number, and what makes them sound."""

import re

from ocpizza.domain.plain_text import compatible

SIRET, VAT = re.compile(r"[0-9]{14}"), re.compile(r"FR[0-9]{11}")
ACCOUNT = re.compile(r"acct_[A-Za-z0-9]{6,40}")
BETWEEN = re.compile(r"[\s.-]+")


def normal_siret(typed: str) -> str | None:
    """Return the fourteen digits of a SIRET, None if they are none: its last digit checks it."""
    digits = BETWEEN.sub("", compatible(typed))
    return digits if SIRET.fullmatch(digits) and _luhn(digits) and _luhn(digits[:9]) else None


def normal_vat_number(typed: str) -> str | None:
    """Return « FR29609417282 », None where the two digits are not the key of the other nine."""
    number = BETWEEN.sub("", compatible(typed)).upper()
    if not VAT.fullmatch(number):
        return None
    return number if int(number[2:4]) == (12 + 3 * (int(number[4:]) % 97)) % 97 else None


def normal_account(typed: str) -> str | None:
    """Return the id of an account at Stripe, None if it is none; a key is none."""
    typed = compatible(typed)
    return typed if ACCOUNT.fullmatch(typed) else None


def same_company(siret: str, vat_number: str) -> bool:
    """Return whether both are of one company: the VAT number ends in its SIREN."""
    return vat_number[4:] == siret[:9]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0
