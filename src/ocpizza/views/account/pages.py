"""The pages of one's own account, each listed on its first page."""

from ocpizza.i18n import _

# (route name, title), in the order in which they are shown
ACCOUNT_PAGES = (
    ("account_orders", _("Mes commandes")),
    ("account_profile", _("Mes informations et adresses")),
    ("account_password", _("Mon mot de passe")),
    ("account_second_factor", _("Ma double authentification")),
    ("account_email", _("Mon adresse e-mail")),
    ("account_sign_in_ways", _("Mes moyens de connexion")),
    ("account_cards", _("Mes cartes")),
    ("account_data", _("Mes données")),
)
