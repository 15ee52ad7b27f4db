"""The pages of one's own account, each listed on its first page."""

from ocpizza.i18n import _

# (route name, title), in the order in which they are shown
ACCOUNT_PAGES: tuple[tuple[str, str], ...] = (
    ("account_orders", _("Mes commandes")),
    ("account_data", _("Mes données")),
)
