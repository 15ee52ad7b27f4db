"""An order in the words of who reads: customers have their own for statuses and for money."""

from collections.abc import Callable
from datetime import datetime

from ocpizza.amounts import euros
from ocpizza.domain.expectation import Expectation
from ocpizza.domain.hours import Span
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.settlement import ChangeDue, Due, Settlement
from ocpizza.domain.sums import Sum, SumKind
from ocpizza.i18n import Shown, _
from ocpizza.labels import label
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.moments import clock, hour, when

STATUSES = {
    Status.AWAITING_PAYMENT: _("En attente de paiement"),
    Status.TO_PREPARE: _("Commande reçue"),
    Status.ACCEPTED: _("Commande acceptée"),
    Status.PREPARING: _("En préparation"),
    Status.READY: _("Prête, vous pouvez venir la chercher"),
    Status.OUT_FOR_DELIVERY: _("En route"),
    Status.DELIVERED: _("Retirée, bon appétit"),
    Status.CANCELLED: _("Annulée"),
    Status.NOT_DELIVERED: _("Non remise"),
}
WHEN_DELIVERED = {
    Status.READY: _("Prête, le livreur va partir"),
    Status.DELIVERED: _("Livrée, bon appétit"),
}
# On the way to the door, where a word does.
STEPS = {
    Status.TO_PREPARE: _("Reçue"),
    Status.ACCEPTED: _("Acceptée"),
    Status.READY: _("Prête"),
    Status.DELIVERED: _("Livrée"),
}
TAKEN_AWAY = _("Retirée")
NEXT = {
    Status.TO_PREPARE: _("Le restaurant va l’accepter, puis la préparer."),
    Status.ACCEPTED: _("La préparation va bientôt commencer."),
}
PAYMENT = {
    Due.NOTHING: _("Rien à payer"),
    Due.CARD_AWAITED: _("À payer en ligne · ${total}"),
    Due.CARD_ACCEPTED: _("Carte acceptée, débitée quand la préparation commence"),
    Due.BEING_CHARGED: _("Carte acceptée, paiement en cours"),
    Due.AT_HANDOVER: _("À régler au comptoir · ${total}"),
    Due.TO_GIVE_BACK: _("${total} à vous rendre au comptoir"),
    Due.PAID: _("Payée · ${total}"),
    Due.PARTLY_REFUNDED: _("Remboursée en partie"),
    Due.REFUNDED: _("Remboursée"),
    Due.REFUND_AWAITED: _("Votre carte est en cours de remboursement"),
    Due.NOT_CHARGED: _("Rien n’a été débité"),
}
TO_THE_DRIVER = _("À régler au livreur · ${total}")
BY_THE_DRIVER = _("${total} à vous rendre par le livreur")
NOT_CHARGED_CANCELLED = _("Annulée ; rien n’a été débité")
PAYMENT_FOR_STAFF = {
    Due.NOTHING: _("Rien à encaisser"),
    Due.CARD_AWAITED: _("Attend son paiement en ligne · ${total}"),
    Due.CARD_ACCEPTED: _("Paiement autorisé, rien à encaisser"),
    Due.BEING_CHARGED: _("Paiement en ligne en cours, rien à encaisser"),
    Due.AT_HANDOVER: _("À encaisser : ${total}"),
    Due.TO_GIVE_BACK: _("À rendre : ${total}"),
    Due.PAID: _("Payée · ${total}"),
    Due.PARTLY_REFUNDED: _("Remboursée en partie"),
    Due.REFUNDED: _("Remboursée"),
    Due.REFUND_AWAITED: _("Remboursement en cours"),
    Due.NOT_CHARGED: _("Paiement libéré"),
}
SUMS = {
    SumKind.ARTICLES: _("Articles"),
    SumKind.DISCOUNT: _("Promotion"),
    SumKind.DELIVERY_FEE: _("Livraison"),
    SumKind.TOTAL: _("Total TTC"),
}
CHANGES = {
    ChangeDue.NEW_AUTHORISATION: _(
        "Votre banque doit valider le nouveau total ; l’ancien montant ne sera pas débité."
    ),
    ChangeDue.SAME_CARD: _("Votre carte reste acceptée, débitée quand la préparation commence."),
    ChangeDue.AT_HANDOVER: _("À régler au comptoir · ${total}"),
    ChangeDue.GIVEN_BACK: _("${total} à vous rendre au comptoir"),
    ChangeDue.PAID: _("Déjà payée, rien de plus à payer"),
    ChangeDue.NOTHING: _("Rien à payer"),
}
DRIVERS = {Due.AT_HANDOVER: TO_THE_DRIVER, Due.TO_GIVE_BACK: BY_THE_DRIVER}
DRIVERS_OF_CHANGES = {ChangeDue.AT_HANDOVER: TO_THE_DRIVER, ChangeDue.GIVEN_BACK: BY_THE_DRIVER}
MEANS_AT_HANDOVER = {
    Means.CARD_TERMINAL: _("Carte bancaire, au comptoir"),
    Means.CASH: _("Espèces, au comptoir"),
}
MEANS_AT_THE_DOOR = {
    Means.CARD_TERMINAL: _("Carte bancaire, au livreur"),
    Means.CASH: _("Espèces, au livreur"),
}


def status_words(status: Status, mode: Mode) -> str:
    """Return what a customer reads of a status."""
    if mode is Mode.DELIVERY and status in WHEN_DELIVERED:
        return WHEN_DELIVERED[status]
    return STATUSES[status]


def step_words(status: Status, mode: Mode) -> str:
    """Return the same as a step of the way that is behind or before."""
    if status is Status.DELIVERED and mode is not Mode.DELIVERY:
        return TAKEN_AWAY
    return STEPS.get(status) or STATUSES[status]


def payment_words(settled: Settlement) -> str:
    """Return the one sentence that tells a customer about the money of an order."""
    text = PAYMENT[settled.due]
    if settled.mode is Mode.DELIVERY and not settled.cancelled:
        text = DRIVERS.get(settled.due, text)
    return _(str(text), mapping={"total": Shown(euros, settled.cents)})


def state_words(status: Status, settled: Settlement) -> list[str]:
    """Return where an order stands, then its money; one sentence where that says both."""
    if settled.cancelled and settled.due is Due.NOT_CHARGED:
        return [NOT_CHARGED_CANCELLED]
    return [status_words(status, settled.mode), payment_words(settled)]


def payment_words_for_staff(settled: Settlement) -> str:
    """Return the same for the team."""
    text = PAYMENT_FOR_STAFF[settled.due]
    return _(str(text), mapping={"total": Shown(euros, settled.cents)})


def change_words(due: ChangeDue, mode: Mode, cents: int) -> str:
    """Return how what is due, or to be given back, is settled once an order is changed."""
    text = CHANGES[due]
    if mode is Mode.DELIVERY:
        text = DRIVERS_OF_CHANGES.get(due, text)
    return _(str(text), mapping={"total": Shown(euros, cents)})


def means_words(means: Means, mode: Mode) -> str:
    """Return a means of payment as customers choose it."""
    words = MEANS_AT_THE_DOOR if mode is Mode.DELIVERY else MEANS_AT_HANDOVER
    return words.get(means) or label(means)


def sum_words(
    row: Sum, promotion: str, say: Callable[[str], str], money: Callable[[int], str]
) -> tuple[str, str]:
    """Return a row of the sums: what it is about, then the amount."""
    name = say(SUMS[row.kind])
    if row.kind is SumKind.DISCOUNT:
        return f"{name} {promotion}".strip(), f"−{money(-row.cents)}"
    if row.kind is SumKind.DELIVERY_FEE and not row.cents:
        return name, say(_("offerte"))
    return name, money(row.cents)


def expected_words(expected: Expectation, status: Status, mode: Mode, now: datetime) -> str:
    """Return when it is expected, or when it ended."""
    if expected.over:
        return _(str(_ended(status, mode)), mapping={"when": when(expected.at, now)})
    if expected.later:
        return _("Plutôt vers ${time}", mapping={"time": Shown(clock, expected.at)})
    return promise_words(mode, expected.at)


def promise_words(mode: Mode, at: datetime) -> str:
    """Return when an order shall be there, or ready to be fetched."""
    text = _("Chez vous vers ${time}") if mode is Mode.DELIVERY else _("Prête vers ${time}")
    return _(str(text), mapping={"time": Shown(clock, at)})


def _ended(status: Status, mode: Mode) -> str:
    if status is Status.CANCELLED:
        return _("Annulée ${when}")
    if status is Status.NOT_DELIVERED:
        return _("Non remise ${when}")
    return _("Livrée ${when}") if mode is Mode.DELIVERY else _("Retirée ${when}")


def alcohol_words(hours: Span | None) -> str:
    """Return when alcohol is sold, or that it is not."""
    if hours is None:
        return _("Ce restaurant ne vend pas d’alcool")
    told = {
        "opens": Shown(hour, hours.opens_minute),
        "closes": Shown(hour, hours.closes_minute),
    }
    return _("L’alcool se vend ici de ${opens} à ${closes}", mapping=told)


def why_no_alcohol(point: PointOfSale, now: datetime) -> str | None:
    """Return why a restaurant sells no alcohol now, None where it does."""
    if point.sells_alcohol_at(now):
        return None
    return alcohol_words(point.alcohol_hours if point.sells_alcohol else None)
