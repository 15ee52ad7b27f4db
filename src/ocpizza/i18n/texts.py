"""Texts of ours, written in French and translated when it is known who reads them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from translationstring import TranslationString, TranslationStringFactory

DOMAIN = "ocpizza"
_ = TranslationStringFactory(DOMAIN)


class Shown(NamedTuple):
    """A value in a text, as each language writes it: `Shown(euros, 1250)`."""

    write: Callable[..., str]
    value: Any


class Counted(TranslationString):
    """A text that is another one for another number."""

    __slots__ = ("number", "plural")
    plural: str
    number: int

    def __mod__(self, values: Mapping[str, Any]) -> "Counted":
        mapping = {**(self.mapping or {}), **values}
        return counted(self, self.plural, self.number, self.domain, mapping)


def ngettext(
    singular: str, plural: str, number: int, mapping: Mapping[str, Any] | None = None
) -> Counted:
    """Return the text for a number, which stands for `${num}` in it.

    French says « 0 pizza », English “0 pizzas”: never choose by `number == 1`.
    """
    return counted(singular, plural, number, DOMAIN, {"num": number, **(mapping or {})})


def counted(
    singular: str, plural: str, number: int, domain: str | None, mapping: dict[str, Any]
) -> Counted:
    """Return a Counted of any domain."""
    text = Counted(str(singular), domain=domain, mapping=mapping)
    text.plural, text.number = plural, number
    return text
