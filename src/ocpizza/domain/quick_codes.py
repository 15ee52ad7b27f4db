"""Four digits that somebody takes their place by: which are guessed first."""

import re
from datetime import date

CODE = re.compile(r"[0-9]{4}")
ROW = "01234567890"
# Down the middle of the keys, and in the corners.
DRAWN = {"2580", "0852", "1379", "1397", "7913", "3179"}


class WeakQuickCode(ValueError):
    """Four digits that are tried first, or no four digits."""


def refuse_weak_code(code: str, birthday: date | None) -> None:
    """Refuse what is no four digits, a row, a pattern or the owner's birthday.

    Raises WeakQuickCode.
    """
    if not CODE.fullmatch(code):
        raise WeakQuickCode
    in_a_row = code in ROW or code in ROW[::-1]
    repeated = code[:2] == code[2:] or len(set(code)) == 1
    if in_a_row or repeated or code in DRAWN or code in _of_birthday(birthday):
        raise WeakQuickCode


def _of_birthday(day: date | None) -> set[str]:
    if day is None:
        return set()
    written = ("%d%m", "%m%d", "%Y", "%d%y", "%m%y", "%y%m")
    return {day.strftime(form) for form in written}
