"""Phone numbers and postcodes as typed, as kept and as shown."""

import re

import phonenumbers

from ocpizza.domain.email_address import normal_email
from ocpizza.domain.plain_text import compatible

FRANCE = 33
# Dialled like any French number, but with country codes of their own (ARCEP's numbering plan).
OVERSEAS = {
    **dict.fromkeys((262, 263, 269, 639, 692, 693), 262),
    **dict.fromkeys((590, 690, 691), 590),
    **dict.fromkeys((594, 694), 594),
    **dict.fromkeys((596, 696, 697), 596),
}
# Numbers that no subscriber has, for films and examples (ARCEP): French, though among Mayotte's.
FICTITIOUS = 63998
# « 75011 », « 75 011 », « F-75011 », « FR 75011 », « 75011 CEDEX 08 », « 75011 Paris ».
POSTCODE = re.compile(r"(?:FR?[ -]*)?((?:\d[ .-]?){4}\d)(?: +[^\W\d].*)?", re.IGNORECASE | re.ASCII)


def normal_phone(typed: str | None) -> str | None:
    """Return the E.164 form of a phone number as one dials it in France, None if it is not one."""
    try:
        parsed = phonenumbers.parse(compatible(typed or ""), "FR")
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code == FRANCE:
        national = parsed.national_number or 0
        if not 10**8 <= national < 10**9:
            return None
        if national // 10**4 != FICTITIOUS:
            parsed.country_code = OVERSEAS.get(national // 10**6, FRANCE)
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible is not phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def national_phone(kept: str | None) -> str:
    """Return « 06 12 34 56 78 » for +33612345678; foreign numbers keep their prefix."""
    if not kept:
        return ""
    parsed = phonenumbers.parse(kept, "FR")
    style = phonenumbers.PhoneNumberFormat
    french = parsed.country_code == FRANCE
    return phonenumbers.format_number(parsed, style.NATIONAL if french else style.INTERNATIONAL)


def normal_contact(typed: str) -> str | None:
    """Return a phone number or an e-mail address as it is kept."""
    return normal_email(typed) if "@" in compatible(typed) else normal_phone(typed)


def normal_postcode(typed: str | None) -> str | None:
    """Return the five digits of a French postcode, None if it is none."""
    found = POSTCODE.fullmatch(compatible(typed or ""))
    return re.sub(r"\D", "", found[1]) if found else None
