"""Every URL, one per line, with what it is about."""

from ocpizza import resources as about

SLUG = "[a-z0-9-]{1,80}"
SHOP = f"/pizzeria/{{restaurant:{SLUG}}}"
TRACKING = "/suivi/{token:[A-Za-z0-9_-]{43}}"
WORKPLACE = "/equipe/{code:[a-z0-9_]{1,40}}"
ORDER = WORKPLACE + "/commandes/{number:[0-9A-Za-z-]{8,9}}"

ROUTES = (
    # the shop
    ("home", "/", about.everywhere),
    ("terms", "/conditions-generales", about.everywhere),
    ("language", "/langue", about.everywhere),
    ("menu", SHOP, about.shop),
    ("basket_add", f"{SHOP}/ajouter", about.shop),
    ("product", f"{SHOP}/{{product:{SLUG}}}", about.product_page),
    ("picture", "/dessin/{version}/{kind}/{codes}.svg", about.everywhere),
    ("basket", "/panier", about.everywhere),
    ("basket_change", "/panier/modifier", about.everywhere),
    ("checkout_details", "/commande/coordonnees", about.everywhere),
    ("checkout_payment", "/commande/paiement", about.everywhere),
    ("find_order", "/suivi", about.everywhere),
    ("tracking", TRACKING, about.tracked_order),
    ("tracking_state", f"{TRACKING}/etat", about.tracked_order),
    ("change_order", f"{TRACKING}/modifier", about.tracked_order),
    ("change_details", "/modification/livraison", about.everywhere),
    ("change_confirm", "/modification/recapitulatif", about.everywhere),
    ("change_give_up", "/modification/abandonner", about.everywhere),
    ("cancel_order", f"{TRACKING}/annuler", about.tracked_order),
    ("sign_in", "/connexion", about.everywhere),
    ("sign_out", "/deconnexion", about.everywhere),
    # the staff
    ("staff", "/equipe", about.everywhere),
    ("kitchen", f"{WORKPLACE}/cuisine", about.workplace),
    ("kitchen_state", f"{WORKPLACE}/cuisine/etat", about.workplace),
    ("deliveries", f"{WORKPLACE}/livraisons", about.workplace),
    ("deliveries_state", f"{WORKPLACE}/livraisons/etat", about.workplace),
    ("handovers", f"{WORKPLACE}/comptoir", about.workplace),
    ("handovers_state", f"{WORKPLACE}/comptoir/etat", about.workplace),
    ("feasible", f"{WORKPLACE}/pizzas-realisables", about.workplace),
    ("recipes", f"{WORKPLACE}/recettes", about.workplace),
    ("recipe", f"{WORKPLACE}/recettes/{{product:{SLUG}}}", about.workplace),
    ("stock", f"{WORKPLACE}/stock", about.workplace),
    ("staff_order", ORDER, about.staff_order),
    ("staff_change_order", f"{ORDER}/modifier", about.staff_order),
    ("staff_cancel_order", f"{ORDER}/annuler", about.staff_order),
    ("advance_order", f"{ORDER}/statut", about.staff_order),
    # the machine
    ("health_live", "/health/live", about.everywhere),
    ("health_ready", "/health/ready", about.everywhere),
)


def includeme(config):
    for name, pattern, factory in ROUTES:
        config.add_route(name, pattern, factory=factory)
