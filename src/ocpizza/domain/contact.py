"""Phone numbers as typed, as kept (E.164) and as shown."""

import phonenumbers


def normal_phone(typed: str | None) -> str | None:
    """The E.164 form of a phone number as one dials it in France, None if it is not one."""
    try:
        parsed = phonenumbers.parse(typed or "", "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def national_phone(kept: str | None) -> str:
    """« 06 12 34 56 78 » for +33612345678; foreign numbers keep their prefix."""
    if not kept:
        return ""
    parsed = phonenumbers.parse(kept, "FR")
    french = parsed.country_code == 33
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if french else style.INTERNATIONAL)
