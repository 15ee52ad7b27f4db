"""The facts of a summary as the phrases of the document, in the order's language."""

from datetime import datetime

from ocpizza.documents.facts import Flow, Line, Money, Option, Summary
from ocpizza.documents.words import Words
from ocpizza.domain.contact import national_phone
from ocpizza.domain.plain_text import linkless_name, unlinked
from ocpizza.i18n import _
from ocpizza.models.order import PaymentChoice
from ocpizza.models.order_line import Use
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentStatus
from ocpizza.models.vat import Mode

UNHAPPY = (Status.AWAITING_PAYMENT, Status.CANCELLED, Status.NOT_DELIVERED)


def title(summary: Summary, say: Words) -> str:
    return say(_("Commande ${number}", mapping={"number": summary.order.number}))


def dates(summary: Summary, say: Words) -> list[str]:
    """When it was placed, and when it was changed if it was."""
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
    return " · ".join(filter(None, [say.label(order.status), order.ending_reason]))


def seller(summary: Summary, say: Words) -> list[str]:
    """Who sells, as its registration has it (Code de commerce R123-237)."""
    entity, restaurant = summary.order.restaurant.legal_entity, summary.order.restaurant
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
    """Whom it is for and where it goes; it is mailed, so nothing in it becomes a link."""
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
    when = {"day": say.date(order.expected_at), "time": say.time(order.expected_at)}
    to.append(say(_("Prévue le ${day} vers ${time}", mapping=when)))
    return [one for one in to if one.strip()]


def option(one: Option, say: Words) -> str:
    """« sans jambon », « + œuf (1,00 €) », after its half where there are two."""
    name = say.everyday(one.ingredient)
    if one.use is Use.WITHOUT:
        said = say(_("sans ${name}", mapping={"name": name}))
    else:
        said = f"+ {name} ({say.euros(one.price_cents)})"
    if not one.part:
        return said
    return say(_("${part} : ${option}", mapping={"part": one.part, "option": said}))


def allergens(line: Line, say: Words) -> str:
    """The allergens of a line, or that it has none of the fourteen."""
    names = ", ".join(say.label(one) for one in line.allergens)
    none = say(_("aucun des quatorze à déclaration obligatoire"))
    return f"{say(_('Allergènes :'))} {names or none}"


def sums(summary: Summary, say: Words) -> list[tuple[str, str]]:
    """From the articles down to the total."""
    revision = summary.revision
    rows = [(say(_("Articles")), say.euros(revision.subtotal_cents))]
    if revision.discount_cents:
        name = f"{say(_('Promotion'))} {summary.promotion}".strip()
        rows.append((name, f"−{say.euros(revision.discount_cents)}"))
    if summary.order.mode is Mode.DELIVERY:
        fee = revision.delivery_fee_cents
        rows.append((say(_("Livraison")), say.euros(fee) if fee else say(_("offerte"))))
    return [*rows, (say(_("Total TTC")), say.euros(revision.total_cents))]


def payment(summary: Summary, say: Words) -> list[str]:
    """What was paid and given back, then what is still due."""
    said = [money(one, say) for one in summary.money]
    order, due = summary.order, say.euros(summary.due_cents)
    if summary.due_cents:
        mapping = {"amount": due, "means": say.label(order.means)}
        if order.payment_status is PaymentStatus.AUTHORISED:
            text = _(
                "Autorisé en ligne : ${amount}, débité au début de la préparation", mapping=mapping
            )
            said.append(say(text))
        elif order.payment_choice is PaymentChoice.ONLINE:
            said.append(say(_("À régler en ligne : ${amount}", mapping=mapping)))
        elif order.mode is Mode.DELIVERY:
            said.append(say(_("À régler à la livraison : ${amount}, ${means}", mapping=mapping)))
        else:
            said.append(say(_("À régler au comptoir : ${amount}, ${means}", mapping=mapping)))
    return said or [say(_("Rien à payer"))]


def money(one: Money, say: Words) -> str:
    """One payment or refund."""
    mapping = {
        "amount": say.euros(one.cents),
        "means": say.label(one.means),
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
