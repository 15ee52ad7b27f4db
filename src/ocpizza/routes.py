"""Every URL, one per line, with what it is about."""

from typing import TYPE_CHECKING

from ocpizza import resources as about

if TYPE_CHECKING:
    from pyramid.config import Configurator

SLUG = "[a-z0-9-]{1,80}"
SHOP = f"/pizzeria/{{restaurant:{SLUG}}}"
LINK = "{token:[A-Za-z0-9_-]{43}}"
TRACKING = f"/suivi/{LINK}"
PROVIDER = "{provider:google|facebook}"
WORKPLACE = "/equipe/{code:[a-z0-9_]{1,40}}"
NUMBER = "{number:[0-9A-Za-z-]{8,9}}"
PROMOTION = f"{WORKPLACE}/promotions/{{promotion:[0-9]{{1,9}}}}"
STOCK = f"{WORKPLACE}/stock"
INGREDIENT = "{ingredient:[0-9]{1,9}}"
TILL = f"{WORKPLACE}/caisse"
BEGUN = f"{TILL}/{LINK}"
COLLEAGUE = f"{WORKPLACE}/personnel/{{colleague:[0-9]{{1,9}}}}"
ORDER = f"{WORKPLACE}/commandes/{NUMBER}"

ROUTES = (
    # the shop
    ("home", "/", about.everywhere),
    ("terms", "/conditions-generales", about.everywhere),
    ("legal_notice", "/mentions-legales", about.everywhere),
    ("privacy", "/donnees-personnelles", about.everywhere),
    ("allergens_anywhere", "/allergenes", about.everywhere),
    ("language", "/langue", about.everywhere),
    ("menu", SHOP, about.shop),
    ("basket_add", f"{SHOP}/ajouter", about.shop),
    ("allergens", f"{SHOP}/allergenes", about.shop),
    ("product", f"{SHOP}/{{product:{SLUG}}}", about.product_page),
    ("product_choice", f"{SHOP}/{{product:{SLUG}}}/choix", about.product_page),
    ("picture", "/dessin/{version}/{kind}/{codes}.svg", about.everywhere),
    ("basket", "/panier", about.everywhere),
    ("basket_change", "/panier/modifier", about.everywhere),
    ("basket_restore", "/panier/remettre", about.everywhere),
    ("promotion_apply", "/panier/promotion", about.everywhere),
    ("promotion_remove", "/panier/promotion/retirer", about.everywhere),
    ("checkout_details", "/commande/coordonnees", about.everywhere),
    ("checkout_payment", "/commande/paiement", about.everywhere),
    ("pay_order", f"{TRACKING}/paiement", about.tracked_order),
    ("pay_return", f"{TRACKING}/paiement/retour", about.tracked_order),
    ("pay_on_delivery", f"{TRACKING}/paiement/remise", about.tracked_order),
    ("pay_give_up", f"{TRACKING}/paiement/abandonner", about.tracked_order),
    ("find_order", "/suivi", about.everywhere),
    ("tracking", TRACKING, about.tracked_order),
    ("tracking_state", f"{TRACKING}/etat", about.tracked_order),
    ("summary_pdf", f"{TRACKING}/recapitulatif.pdf", about.tracked_order),
    ("change_order", f"{TRACKING}/modifier", about.tracked_order),
    ("change_details", "/modification/livraison", about.everywhere),
    ("change_confirm", "/modification/recapitulatif", about.everywhere),
    ("change_give_up", "/modification/abandonner", about.everywhere),
    ("cancel_order", f"{TRACKING}/annuler", about.tracked_order),
    ("erase_order", f"{TRACKING}/effacer", about.tracked_order),
    ("sign_in", "/connexion", about.everywhere),
    ("sign_out", "/deconnexion", about.everywhere),
    ("second_factor", "/connexion/code", about.everywhere),
    ("provider_sign_in", f"/connexion/{PROVIDER}", about.everywhere),
    ("provider_return", f"/connexion/{PROVIDER}/retour", about.everywhere),
    # one's own account
    ("sign_up", "/inscription", about.everywhere),
    ("forgotten_password", "/mot-de-passe-oublie", about.everywhere),
    ("reset_password", f"/mot-de-passe/{LINK}", about.everywhere),
    ("confirm_email", f"/compte/confirmer/{LINK}", about.everywhere),
    ("account", "/compte", about.own_account),
    ("account_orders", "/compte/commandes", about.everywhere),
    ("repeat_order", f"/compte/commandes/{NUMBER}/recommander", about.own_order),
    ("account_profile", "/compte/informations", about.own_account),
    ("account_password", "/compte/mot-de-passe", about.own_account),
    ("account_second_factor", "/compte/double-authentification", about.own_account),
    ("account_second_factor_begin", "/compte/double-authentification/activer", about.own_account),
    ("account_second_factor_remove", "/compte/double-authentification/retirer", about.own_account),
    ("account_recovery_codes", "/compte/double-authentification/codes", about.own_account),
    ("account_email", "/compte/e-mail", about.own_account),
    ("account_email_link", "/compte/e-mail/lien", about.own_account),
    ("account_sign_in_ways", "/compte/connexions", about.own_account),
    ("account_proof", "/compte/preuve", about.own_account),
    ("account_proof_provider", f"/compte/preuve/{PROVIDER}", about.own_account),
    ("account_unlink", "/compte/connexions/retirer", about.own_account),
    ("account_link", f"/compte/connexions/{PROVIDER}", about.own_account),
    ("sign_out_everywhere", "/compte/deconnexion-partout", about.own_account),
    ("account_cards", "/compte/cartes", about.own_account),
    ("account_card_remove", "/compte/cartes/retirer", about.own_account),
    ("account_data", "/compte/donnees", about.own_account),
    ("account_download", "/compte/donnees.json", about.own_account),
    ("account_keep", "/compte/donnees/garder", about.own_account),
    # the staff
    ("staff", "/equipe", about.everywhere),
    ("kitchen", f"{WORKPLACE}/cuisine", about.workplace),
    ("kitchen_state", f"{WORKPLACE}/cuisine/etat", about.workplace),
    ("pause", f"{WORKPLACE}/commandes-en-ligne/suspendre", about.workplace),
    ("resume", f"{WORKPLACE}/commandes-en-ligne/reprendre", about.workplace),
    ("deliveries", f"{WORKPLACE}/livraisons", about.workplace),
    ("deliveries_state", f"{WORKPLACE}/livraisons/etat", about.workplace),
    ("deliveries_take", f"{WORKPLACE}/livraisons/prendre", about.workplace),
    ("till", TILL, about.workplace),
    ("till_order", BEGUN, about.begun_order),
    ("till_add", f"{BEGUN}/ajouter", about.begun_order),
    ("till_line", f"{BEGUN}/lignes/{{line:[0-9]{{1,9}}}}", about.begun_order),
    ("till_product", f"{BEGUN}/produits/{{product:{SLUG}}}", about.begun_order),
    ("till_caller", f"{BEGUN}/client/{NUMBER}", about.begun_order),
    ("till_place", f"{BEGUN}/commander", about.begun_order),
    ("till_give_up", f"{BEGUN}/abandonner", about.begun_order),
    ("handovers", f"{WORKPLACE}/comptoir", about.workplace),
    ("handovers_state", f"{WORKPLACE}/comptoir/etat", about.workplace),
    ("feasible", f"{WORKPLACE}/pizzas-realisables", about.workplace),
    ("recipes", f"{WORKPLACE}/recettes", about.workplace),
    ("recipe", f"{WORKPLACE}/recettes/{{product:{SLUG}}}", about.workplace),
    ("stock", STOCK, about.workplace),
    ("stock_ingredient", f"{STOCK}/{INGREDIENT}", about.staff_stock),
    ("stock_threshold", f"{STOCK}/{INGREDIENT}/seuil", about.staff_stock),
    ("stock_delivery", f"{STOCK}/livraison", about.workplace),
    ("stock_count", f"{STOCK}/inventaire", about.workplace),
    ("stock_count_differences", f"{STOCK}/inventaire/ecarts", about.workplace),
    ("stock_count_give_up", f"{STOCK}/inventaire/abandonner", about.workplace),
    ("stock_count_ingredient", f"{STOCK}/inventaire/{INGREDIENT}", about.staff_stock),
    ("stock_sold_out", f"{STOCK}/{INGREDIENT}/epuise", about.staff_stock),
    ("stock_sold_out_undo", f"{STOCK}/{INGREDIENT}/remettre", about.staff_stock),
    ("sales", f"{WORKPLACE}/chiffres", about.workplace),
    ("sales_csv", f"{WORKPLACE}/chiffres.csv", about.workplace),
    ("promotions", f"{WORKPLACE}/promotions", about.workplace),
    ("promotion_new", f"{WORKPLACE}/promotions/nouvelle", about.workplace),
    ("promotion_edit", PROMOTION, about.staff_promotion),
    ("promotion_switch", f"{PROMOTION}/activite", about.staff_promotion),
    ("promotion_delete", f"{PROMOTION}/supprimer", about.staff_promotion),
    ("orders", f"{WORKPLACE}/commandes", about.workplace),
    ("orders_csv", f"{WORKPLACE}/commandes.csv", about.workplace),
    ("restaurant", f"{WORKPLACE}/restaurant", about.workplace),
    ("opening_hours", f"{WORKPLACE}/restaurant/horaires", about.workplace),
    ("restaurant_details", f"{WORKPLACE}/restaurant/fiche", about.workplace),
    ("people", f"{WORKPLACE}/personnel", about.workplace),
    ("colleague_new", f"{WORKPLACE}/personnel/nouveau", about.workplace),
    ("colleague", COLLEAGUE, about.staff_colleague),
    ("colleague_password", f"{COLLEAGUE}/mot-de-passe", about.staff_colleague),
    ("colleague_second_factor", f"{COLLEAGUE}/double-authentification", about.staff_colleague),
    ("colleague_switch", f"{COLLEAGUE}/activite", about.staff_colleague),
    ("colleague_delete", f"{COLLEAGUE}/supprimer", about.staff_colleague),
    ("trail", f"{WORKPLACE}/journal", about.workplace),
    ("staff_order", ORDER, about.whole_staff_order),
    ("staff_summary_pdf", f"{ORDER}/recapitulatif.pdf", about.staff_order),
    ("staff_change_order", f"{ORDER}/modifier", about.staff_order),
    ("staff_cancel_order", f"{ORDER}/annuler", about.staff_order),
    ("undelivered_order", f"{ORDER}/non-remise", about.staff_order),
    ("nobody_there", f"{ORDER}/personne", about.staff_order),
    ("confirm_order", f"{ORDER}/confirmee", about.staff_order),
    ("till_payment", f"{ORDER}/encaissement", about.staff_order),
    ("give_back", f"{ORDER}/rendu", about.staff_order),
    ("refund_order", f"{ORDER}/remboursement", about.staff_order),
    ("advance_order", f"{ORDER}/statut", about.staff_order),
    # what browsers and search engines ask for
    ("robots", "/robots.txt", about.everywhere),
    ("sitemap", "/sitemap.xml", about.everywhere),
    ("manifest", "/manifest.webmanifest", about.everywhere),
    ("favicon", "/favicon.ico", about.everywhere),
    # the machine
    ("security_txt", "/.well-known/security.txt", about.everywhere),
    ("stripe_events", "/stripe/evenements", about.everywhere),
    ("health_live", "/health/live", about.everywhere),
    ("health_ready", "/health/ready", about.everywhere),
)


def includeme(config: "Configurator") -> None:
    for name, pattern, factory in ROUTES:
        config.add_route(name, pattern, factory=factory)
