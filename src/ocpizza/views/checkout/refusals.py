"""Why an order was refused, in words, and the page where that can be put right."""

from collections.abc import Sequence
from functools import singledispatch

from ocpizza.amounts import euros
from ocpizza.domain import checkout
from ocpizza.domain.checkout import CustomerGone, TooLittleForCard
from ocpizza.domain.item import Shortage
from ocpizza.domain.menu import Size
from ocpizza.domain.promotion import PromotionLost
from ocpizza.i18n import Shown, _
from ocpizza.moments import when
from ocpizza.order_words import alcohol_words
from ocpizza.rendering import written_in
from ocpizza.request import Request
from ocpizza.services.checkout.change import StaleOrder
from ocpizza.views.promotion_words import why_not

# What is said, and the route of the page where it can be put right.
Refusal = tuple[str, str]

UNFORESEEN: Refusal = (
    _("Votre commande n’a pas pu être passée. Vérifiez votre panier et recommencez."),
    "basket",
)
# What is said whatever was ordered.
PLAIN: dict[type[checkout.OrderRefused], Refusal] = {
    checkout.StaleCheckout: UNFORESEEN,
    StaleOrder: (
        _(
            "Votre commande a été modifiée entre-temps. Abandonnez cette modification, relisez-la "
            "et recommencez si besoin."
        ),
        "basket",
    ),
    checkout.NothingOrdered: (_("Votre panier est vide"), "basket"),
    checkout.PizzaMissing: (
        _("Une commande contient au moins une pizza. Ajoutez-en une."),
        "basket",
    ),
    checkout.LinesGone: (
        _("Un article de votre panier n’est plus à la carte. Retirez-le pour commander."),
        "basket",
    ),
    checkout.AgeNotConfirmed: (
        _(
            "Il y a de l’alcool dans votre commande : confirmez que vous avez 18 ans ou plus pour "
            "commander."
        ),
        "checkout",
    ),
    checkout.DetailsMissing: (
        _("Les champs sont vides, veuillez saisir les informations"),
        "checkout",
    ),
    TooLittleForCard: (
        _(
            "Une si petite somme ne peut pas être payée en ligne. Choisissez un autre moyen de "
            "paiement."
        ),
        "checkout",
    ),
    checkout.PayOnline: (
        _(
            "Une commande de cette taille se paie en ligne : choisissez la carte en ligne, ou "
            "appelez le restaurant. Votre panier est conservé."
        ),
        "checkout",
    ),
    checkout.PayOthersFirst: (
        _(
            "Une autre de vos commandes attend son paiement : payez-la ou annulez-la d’abord. "
            "Votre panier est conservé."
        ),
        "basket",
    ),
    checkout.HeldInVain: (
        _(
            "Plusieurs commandes passées d’ici n’ont pas été payées. Choisissez le paiement à la "
            "remise, ou appelez le restaurant. Votre panier est conservé."
        ),
        "checkout",
    ),
    checkout.CallPending: (
        _(
            "Nous devons déjà vous appeler pour confirmer une de vos commandes. Celle-ci vient "
            "après ; votre panier est conservé."
        ),
        "basket",
    ),
    checkout.CallRestaurant: (
        _("Pour une commande de cette taille, appelez le restaurant : il la prendra avec vous."),
        "basket",
    ),
    CustomerGone: (_("Votre compte n’existe plus : la commande n’a pas été passée."), "basket"),
}


def refuse(request: Request, refused: checkout.OrderRefused) -> Refusal:
    """Count an order, or a change of one, that is refused now, and return what is said of it."""
    request.note_refusal(refused)
    return explain_refusal(refused)


@singledispatch
def explain_refusal(refused: checkout.OrderRefused) -> Refusal:
    """Return (message, route name) for a refusal; what nobody foresaw leads back to the basket."""
    return PLAIN.get(type(refused), UNFORESEEN)


def too_late() -> str:
    """Return what a customer is told when preparation has begun."""
    return _(
        "La préparation de votre commande a commencé : elle ne peut plus être modifiée. "
        "Votre commande reste comme elle était."
    )


@explain_refusal.register
def _closed(refused: checkout.RestaurantClosed) -> Refusal:
    if refused.opens_at is None:
        return _("Le restaurant est fermé. Votre panier est conservé."), "basket"
    text = _(
        "Le restaurant est fermé, il ouvre ${when}. Votre panier est conservé.",
        mapping={"when": when(refused.opens_at, refused.now)},
    )
    return text, "basket"


@explain_refusal.register
def _paused(refused: checkout.OnlineOrdersPaused) -> Refusal:
    text = _(
        "Le restaurant ne prend pas de commande en ligne pour le moment (« ${reason} ») ; il en "
        "reprendra ${when}. Votre panier est conservé.",
        mapping={"reason": refused.reason, "when": when(refused.resumes_at, refused.now)},
    )
    return text, "basket"


@explain_refusal.register
def _no_alcohol(refused: checkout.AlcoholNotSold) -> Refusal:
    text = _("${why} : retirez-le de votre panier pour commander.")
    return _(str(text), mapping={"why": alcohol_words(refused.hours)}), "basket"


@explain_refusal.register
def _not_served(refused: checkout.PostcodeNotServed) -> Refusal:
    text = _(
        "Ce restaurant ne livre pas le ${postcode}. Changez d’adresse ou choisissez le retrait "
        "sur place.",
        mapping={"postcode": refused.postcode},
    )
    return text, "checkout"


@explain_refusal.register
def _too_little(refused: checkout.BelowMinimum) -> Refusal:
    text = _(
        "Plus que ${missing} pour être livré (minimum ${minimum}).",
        mapping={
            "minimum": Shown(euros, refused.minimum_cents),
            "missing": Shown(euros, refused.missing_cents),
        },
    )
    return text, "basket"


@explain_refusal.register
def _total(refused: checkout.TotalChanged) -> Refusal:
    text = _(
        "Un prix a changé depuis l’affichage de cette page. Le nouveau total est de ${total} : "
        "vérifiez-le avant de commander.",
        mapping={"total": Shown(euros, refused.total_cents)},
    )
    return text, "checkout"


@explain_refusal.register
def _promotion_lost(refused: PromotionLost) -> Refusal:
    return lost_promotion(refused, why_not(refused.verdict)), "checkout"


def lost_promotion(refused: PromotionLost, why: Sequence[str]) -> str:
    """Return what to say of an order whose promotion does not hold any more, for these reasons."""
    return _(
        "${why} Le nouveau total est de ${total} : vérifiez-le avant de commander.",
        mapping={"why": why, "total": Shown(euros, refused.total_cents)},
    )


@explain_refusal.register
def _short(refused: checkout.OutOfStock) -> Refusal:
    text = _(
        "Nous n’avons plus de quoi tout préparer. ${left} Votre panier est conservé, "
        "ajustez-le pour commander.",
        mapping={"left": [_left(found) for found in refused.shortages]},
    )
    return text, "basket"


def size_name(size: Size, locale: str) -> str:
    """Return a size as the restaurant calls it in this language."""
    return written_in(locale[:2], size, "name")


def _left(found: Shortage) -> str:
    mapping = {
        "name": found.item.name,
        "size": Shown(size_name, found.item.size),
        "left": found.left,
    }
    if found.left:
        return _("${name} ${size} : il en reste ${left}.", mapping=mapping)
    return _("${name} ${size} : il n’en reste plus.", mapping=mapping)
