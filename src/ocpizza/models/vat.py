"""French VAT on what a pizzeria sells (CGI art. 278-0 bis, 279 m, 278)."""

from enum import StrEnum

BasisPoints = int
REDUCED, INTERMEDIATE, STANDARD = 550, 1000, 2000


class Mode(StrEnum):
    """How an order is eaten, which decides how it is taxed and who hands it over."""

    DELIVERY = "delivery"
    TAKEAWAY = "takeaway"
    EAT_IN = "eat_in"


class VatClass(StrEnum):
    """What a product is for the tax office."""

    PREPARED_FOOD = "prepared_food"
    SEALED_FOOD = "sealed_food"
    SEALED_DRINK = "sealed_drink"
    ALCOHOL = "alcohol"


_ON_THE_SPOT = {
    VatClass.PREPARED_FOOD: INTERMEDIATE,
    VatClass.SEALED_FOOD: INTERMEDIATE,
    VatClass.SEALED_DRINK: INTERMEDIATE,
    VatClass.ALCOHOL: STANDARD,
}
_TO_GO = _ON_THE_SPOT | {VatClass.SEALED_FOOD: REDUCED, VatClass.SEALED_DRINK: REDUCED}


def vat_rate(vat_class: VatClass, mode: Mode) -> BasisPoints:
    """Return the rate, in basis points (1000 is 10 %), for a product eaten in this way."""
    return (_ON_THE_SPOT if mode is Mode.EAT_IN else _TO_GO)[vat_class]
