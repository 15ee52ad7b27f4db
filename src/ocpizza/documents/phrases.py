"""The facts of a summary as the phrases of the document, in the order's language."""

from datetime import datetime

from ocpizza.documents.facts import Flow, Line, Money, Option, Summary
from ocpizza.documents.words import Words
from ocpizza.domain.contact import national_phone
from ocpizza.domain.plain_text import linkless_name, unlinked
from ocpizza.domain.settlement import Due, settlement
from ocpizza.domain.sums import sums as order_sums
from ocpizza.i18n import _
from ocpizza.meat_words import meat_lines
from ocpizza.models.order import Order
from ocpizza.models.order_line import Use
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.order_words import means_words, payment_words, status_words, sum_words

UNHAPPY = (Status.AWAITING_PAYMENT, Status.CANCELLED, Status.NOT_DELIVERED)


def title(summary: Summary, say: Words) -> str:
    return say(_("Commande ${number}", mapping={"number": summary.order.number}))


def dates(summary: Summary, say: Words) -> list[str]:
    """Return when it was placed, and when it was changed if it was."""
    order, revision = summary.order, summary.revision

    def at(moment: datetime) -> dict[str, str]:
        return {"day": say.date(moment), "time": say.time(moment)}

    said = [_("Passée le ${day} à ${time}", mapping=at(order.placed_at))]
    if revision.number > 1:
        said.append(_("Modifiée le ${day} à ${time}", mapping=at(revision.made_at)))
    return [say(one) for one in said]


def standing(summary: Summary, say: Words) -> str:
    """Said only of an order that does not take its usual course."""
    order = summary.order
    if order.status not in UNHAPPY:
        return ""
    said = say(status_words(order.status, order.mode))
    reason = order.ending_reason or order.undelivered_reason
    why = say.label(reason) if reason else None
    return " · ".join(filter(None, [said, why, order.ending_note]))


def seller(summary: Summary, say: Words) -> list[str]:
    """Return who sells, as its registration has it (Code de commerce R123-237)."""
    entity, restaurant = summary.seller, summary.order.restaurant
    return [
        entity.name,
        entity.street,
        f"{entity.postcode} {entity.town}",
        say(_("SIRET ${number}", mapping={"number": entity.siret})),
        say(_("TVA ${number}", mapping={"number": entity.vat_number})),
        "",
        restaurant.name,
        f"{restaurant.street}, {restaurant.postcode} {restaurant.town}",
        " · ".join(filter(None, [national_phone(restaurant.phone), restaurant.email])),
    ]


def destination(summary: Summary, say: Words) -> list[str]:
    """Return whom it is for and where it goes; it is mailed, so nothing in it becomes a link."""
    order, revision = summary.order, summary.revision
    erased = say(_("Données personnelles effacées"))
    to = [erased if order.erased_at else linkless_name(order.contact_name)]
    if order.mode is Mode.DELIVERY:
        to += [
            unlinked(revision.street or ""),
            unlinked(revision.complement or ""),
            unlinked(f"{revision.postcode or ''} {revision.town or ''}"),
        ]
    to += [national_phone(order.phone), order.email or ""]
    to.append(_when(order, say))
    return [one for one in to if one.strip()]


def _when(order: Order, say: Words) -> str:
    """Return when it was handed over, or was expected: what is printed may be read years later."""
    handed_over = order.reached.get(Status.DELIVERED)
    at = handed_over or order.expected_at
    values = {"day": say.date(at), "time": say.time(at)}
    if handed_over is None:
        return say(_("Prévue le ${day} vers ${time}", mapping=values))
    if order.mode is Mode.DELIVERY:
        return say(_("Livrée le ${day} à ${time}", mapping=values))
    return say(_("Retirée le ${day} à ${time}", mapping=values))


def option(one: Option, say: Words) -> str:
    """Return « sans jambon », « + œuf (1,00 €) », after its half where there are two."""
    price = "" if one.use is Use.WITHOUT else f" ({say.euros(one.price_cents)})"
    return left_out_or_added(one, say) + price


def left_out_or_added(one: Option, say: Words) -> str:
    """Return the same without its price."""
    name = say.everyday(one.ingredient)
    out = one.use is Use.WITHOUT
    said = say(_("sans ${name}", mapping={"name": name})) if out else f"+ {name}"
    if not one.part:
        return said
    return say(_("${part} : ${option}", mapping={"part": one.part, "option": said}))


def allergens(line: Line, say: Words) -> str:
    """Return the allergens of a line, or that it has none of the fourteen."""
    names = ", ".join(say.label(one) for one in line.allergens)
    none = say(_("aucun des quatorze à déclaration obligatoire"))
    return f"{say(_('Allergènes :'))} {names or none}"


def meats(line: Line, say: Words) -> list[str]:
    """Return where the meats of a line come from; nothing of one without."""
    told = meat_lines(line.meats, say, say.everyday, say.locale)
    return [f"{title} {text}" for title, text in told]


def sums(summary: Summary, say: Words) -> list[tuple[str, str]]:
    """From the articles down to the total."""
    rows = order_sums(summary.revision, summary.order.mode)
    name = say.data(summary.promotion, "name") if summary.promotion else ""
    return [sum_words(row, name, say, say.euros) for row in rows]


def payment(summary: Summary, say: Words) -> list[str]:
    """Return where it stands with its money, and by which means.

    Then what was paid and given back.
    """
    order = summary.order
    settled = settlement(order)
    said = [say(payment_words(settled))]
    if order.due_cents:
        said.append(say(means_words(order.means, order.mode)))
    held = settled.due in (Due.CARD_ACCEPTED, Due.BEING_CHARGED)
    shown = [one for one in summary.money if held or one.flow is not Flow.AUTHORISED]
    return said + [money(one, order.mode, say) for one in shown]


def money(one: Money, mode: Mode, say: Words) -> str:
    """Return one payment or refund."""
    mapping = {
        "amount": say.euros(one.cents),
        "means": say(means_words(one.means, mode)),
        "day": say.date(one.at),
        "number": one.receipt_number,
    }
    if one.flow is Flow.REFUNDED:
        return say(_("Remboursé le ${day} : ${amount}, ${means}", mapping=mapping))
    if one.flow is Flow.AUTHORISED:
        return say(_("Autorisé le ${day} : ${amount}, ${means}", mapping=mapping))
    if one.receipt_number is None:
        return say(_("Payé le ${day} : ${amount}, ${means}", mapping=mapping))
    return say(_("Payé le ${day} : ${amount}, ${means}, reçu n° ${number}", mapping=mapping))
