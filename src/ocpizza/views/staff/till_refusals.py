"""Why an order or its promotion is refused, in words for a colleague who takes it."""

from ocpizza.domain import checkout
from ocpizza.domain.promotion import Ineligibility, PromotionLost, Verdict
from ocpizza.i18n import _
from ocpizza.views.checkout.refusals import explain_refusal, lost_promotion
from ocpizza.views.promotion_words import WHY_NOT, why_not

# What would speak to a customer of their basket.
TOLD: dict[type[checkout.OrderRefused], str] = {
    checkout.StaleCheckout: _("Cette commande a changé entre-temps : vérifiez-la, puis passez-la."),
    checkout.NothingOrdered: _("La commande est vide : choisissez un produit."),
    checkout.PizzaMissing: _(
        "Une commande par téléphone contient au moins une pizza ; au comptoir, ce n’est pas "
        "nécessaire."
    ),
    checkout.LinesGone: _("Un article n’est plus à la carte : retirez-le."),
    checkout.OutOfStock: _("Il n’y a plus de quoi tout préparer : voyez les lignes marquées."),
    checkout.RestaurantClosed: _("Le restaurant est fermé."),
    checkout.AgeNotConfirmed: _(
        "Il y a de l’alcool dans cette commande : demandez son âge au client, puis cochez « Le "
        "client a 18 ans ou plus »."
    ),
}

# The reasons are the customer's, who hears them; but it is the colleague who says whom it is for.
WHY_NOT_HERE = WHY_NOT | {
    Ineligibility.SIGNED_OUT: _(
        "La promotion ${code} est réservée aux clients qui ont un compte : retrouvez d’abord le "
        "client par son téléphone ou son nom."
    )
}


def why_not_here(verdict: Verdict) -> list[str]:
    """Return every reason why a promotion does not hold for an order that is begun."""
    return list(why_not(verdict, WHY_NOT_HERE))


def explain_to_colleague(refused: checkout.OrderRefused) -> str:
    """Return what to say of a refusal to whoever takes the order."""
    if isinstance(refused, PromotionLost):
        return lost_promotion(refused, why_not_here(refused.verdict))
    return TOLD.get(type(refused)) or explain_refusal(refused)[0]
