"""French words for everything that the code names in English."""

from enum import StrEnum

from ocpizza.domain.wishes import Wish
from ocpizza.i18n import _
from ocpizza.models.account import Role
from ocpizza.models.ingredient import Allergen, Diet
from ocpizza.models.meat import Meat
from ocpizza.models.order import Source
from ocpizza.models.order_status import EndingReason, Status, UndeliveredReason
from ocpizza.models.payment import Means, PaymentEvent, PaymentStatus, RefundReason
from ocpizza.models.product import Kind
from ocpizza.models.promotion import PromotionKind
from ocpizza.models.stock import Reason
from ocpizza.models.till import TillMovementKind
from ocpizza.models.vat import Mode, VatClass

LABELS: dict[StrEnum, str] = {
    Status.AWAITING_PAYMENT: _("En attente de paiement"),
    Status.TO_PREPARE: _("Commande à réaliser"),
    Status.ACCEPTED: _("Commande prise en charge"),
    Status.PREPARING: _("Commande en préparation"),
    Status.READY: _("Commande prête"),
    Status.OUT_FOR_DELIVERY: _("Commande en livraison"),
    Status.DELIVERED: _("Commande livrée"),
    Status.CANCELLED: _("Commande annulée"),
    Status.NOT_DELIVERED: _("Commande non remise"),
    EndingReason.NOT_PAID: _("Le paiement n’a pas été fait à temps."),
    EndingReason.NOT_REACHED: _("Nous n’avons pas pu vous joindre pour confirmer cette commande."),
    UndeliveredReason.NOBODY_THERE: _("Personne n’a ouvert à l’adresse de livraison."),
    UndeliveredReason.NOT_COLLECTED: _("Personne n’est venu chercher la commande."),
    UndeliveredReason.REFUSED: _("La commande a été refusée."),
    UndeliveredReason.SPOILED: _("La commande a été abîmée."),
    RefundReason.DECIDED: _("Geste de la pizzeria"),
    RefundReason.OF_CANCELLED_ORDER: _("Commande annulée"),
    RefundReason.OF_CHANGED_ORDER: _("Commande modifiée"),
    RefundReason.GIVEN_AT_STRIPE: _("Remboursement fait chez Stripe"),
    Reason.OPENING: _("Stock initial"),
    Reason.SUPPLY: _("Livraison reçue"),
    Reason.ORDER: _("Commande"),
    Reason.ORDER_CHANGED: _("Commande modifiée"),
    Reason.ORDER_CANCELLED: _("Commande annulée"),
    Reason.CORRECTION: _("Correction"),
    Reason.WASTE: _("Perte"),
    Reason.SOLD_OUT: _("Il n’y en a plus"),
    Reason.SOLD_OUT_UNDONE: _("Il y en avait encore"),
    Reason.COUNT: _("Inventaire"),
    Mode.DELIVERY: _("Livraison"),
    Mode.TAKEAWAY: _("À emporter"),
    Mode.EAT_IN: _("Sur place"),
    Means.ONLINE_CARD: _("Carte en ligne"),
    Means.CASH: _("Espèces"),
    Means.CARD_TERMINAL: _("Carte bancaire (terminal)"),
    Means.MEAL_VOUCHER: _("Titre-restaurant"),
    Means.OTHER: _("Autre moyen (chèque…)"),
    TillMovementKind.PUT_IN: _("Entrée (monnaie achetée…)"),
    TillMovementKind.TAKEN_OUT: _("Sortie (petite dépense, banque…)"),
    TillMovementKind.DRIVER_RETURN: _("Retour livreur"),
    PaymentStatus.UNPAID: _("À payer"),
    PaymentStatus.AUTHORISED: _("Paiement autorisé"),
    PaymentStatus.PAID: _("Payée"),
    PaymentStatus.PARTLY_REFUNDED: _("Remboursée en partie"),
    PaymentStatus.REFUNDED: _("Remboursée"),
    PaymentStatus.RELEASED: _("Paiement libéré"),
    PaymentStatus.FAILED: _("Paiement refusé"),
    Source.WEB: _("Internet"),
    Source.PHONE: _("Téléphone"),
    Source.COUNTER: _("Comptoir"),
    Source.PARTNER: _("Partenaire"),
    Role.CUSTOMER: _("Client"),
    Role.CASHIER: _("Caisse"),
    Role.PIZZAIOLO: _("Pizzaïolo"),
    Role.DRIVER: _("Livreur"),
    Role.MANAGER: _("Responsable"),
    Diet.VEGETARIAN: _("Végétarien"),
    Diet.NO_PORK: _("Viande ou poisson, sans porc"),
    Diet.PORK: _("Porc"),
    Wish.VEGETARIAN: _("Végétarien"),
    Wish.WITHOUT_PORK: _("Sans porc"),
    Wish.SPICY: _("Épicé"),
    Wish.MOST_ORDERED: _("Très commandé"),
    Wish.NEW: _("Nouveau"),
    Wish.FAVOURITE: _("Mes favoris"),
    Kind.PIZZA: _("Pizzas"),
    Kind.DRINK: _("Boissons"),
    Kind.DESSERT: _("Desserts"),
    VatClass.PREPARED_FOOD: _("À manger tout de suite : 10 %"),
    VatClass.SEALED_FOOD: _("Aliment emballé : 5,5 %, 10 % sur place"),
    VatClass.SEALED_DRINK: _("Boisson fermée sans alcool : 5,5 %, 10 % sur place"),
    VatClass.ALCOHOL: _("Alcool : 20 %"),
    PromotionKind.PERCENTAGE: _("Pourcentage"),
    PromotionKind.AMOUNT: _("Montant"),
    PromotionKind.FREE_PRODUCT: _("Produit offert"),
    Allergen.GLUTEN: _("Gluten"),
    Allergen.CRUSTACEANS: _("Crustacés"),
    Allergen.EGGS: _("Œufs"),
    Allergen.FISH: _("Poisson"),
    Allergen.PEANUTS: _("Arachides"),
    Allergen.SOYBEANS: _("Soja"),
    Allergen.MILK: _("Lait"),
    Allergen.NUTS: _("Fruits à coque"),
    Allergen.CELERY: _("Céleri"),
    Allergen.MUSTARD: _("Moutarde"),
    Allergen.SESAME: _("Sésame"),
    Allergen.SULPHITES: _("Sulfites"),
    Allergen.LUPIN: _("Lupin"),
    Allergen.MOLLUSCS: _("Mollusques"),
    Meat.BEEF: _("Bœuf"),
    Meat.PORK: _("Porc"),
    Meat.SHEEP: _("Mouton"),
    Meat.POULTRY: _("Volaille"),
}


# Apart: their values are also those of payment statuses.
PAYMENT_EVENTS: dict[PaymentEvent, str] = {
    PaymentEvent.AUTHORISED: _("Paiement en ligne autorisé"),
    PaymentEvent.CAPTURED: _("Paiement en ligne encaissé"),
    PaymentEvent.CAPTURE_REFUSED: _("Paiement en ligne perdu, à encaisser à la remise"),
    PaymentEvent.CHANGE_ABANDONED: _("Modification abandonnée, non payée"),
    PaymentEvent.ON_DELIVERY: _("Paiement à la remise, le paiement en ligne est annulé"),
    PaymentEvent.RECEIVED: _("Encaissée"),
    PaymentEvent.REFUND_REQUESTED: _("Remboursement demandé"),
    PaymentEvent.REFUNDED: _("Remboursement fait"),
    PaymentEvent.REFUND_FAILED: _("Remboursement refusé par la banque"),
}

# Stripe's codes (docs.stripe.com/api/payment_methods/object, card.brand), as cards say it.
CARD_BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "CB",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def label(value: StrEnum) -> str:
    """Return the text to show for a status, a mode, an allergen …; translate it like any other."""
    return LABELS[value]
