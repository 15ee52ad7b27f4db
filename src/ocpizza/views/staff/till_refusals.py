"""Why an order is refused, in words for a colleague who takes it."""

from ocpizza.domain import checkout
from ocpizza.i18n import _
from ocpizza.views.checkout.refusals import explain_refusal

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
}


def explain_to_colleague(refused: checkout.OrderRefused) -> str:
    """Return what to say of a refusal to whoever takes the order."""
    return TOLD.get(type(refused)) or explain_refusal(refused)[0]
