"""What to say where Google or Facebook did not sign somebody in."""

from ocpizza.i18n import _
from ocpizza.identity.provider import Declined, Provider, ProviderDown
from ocpizza.services.account.identity import AccountClosed, EmailMissing, MustLink


def stale() -> str:
    """The browser is not back from any visit to a provider that began in it."""
    return _("Cette demande de connexion n’est pas valable ou a expiré. Veuillez recommencer.")


def elsewhere(provider: Provider) -> str:
    """The identity signs in to another account."""
    return _(
        "Ce compte ${provider} sert déjà à se connecter à un autre compte OC Pizza.",
        mapping={"provider": provider.title},
    )


def not_linked(provider: Provider) -> str:
    """The identity is none that signs in to the account."""
    return _(
        "Ce compte ${provider} n’est pas lié à votre compte OC Pizza.",
        mapping={"provider": provider.title},
    )


def explain_provider(provider: Provider, error: Exception) -> str:
    """Return the message about an IdentityError or a JoinRefused."""
    texts = {
        Declined: _("Vous avez annulé la connexion avec ${provider}."),
        ProviderDown: _(
            "La connexion avec ${provider} ne répond pas pour le moment. Réessayez plus tard, ou "
            "utilisez un autre moyen de connexion."
        ),
        # The words of a wrong password: a closed account is not told from none.
        AccountClosed: _("Les informations saisies sont erronées"),
        MustLink: _(
            "Un compte existe déjà avec cette adresse : connectez-vous d’abord, puis liez-le à "
            "votre compte ${provider}."
        ),
        EmailMissing: _(
            "${provider} ne nous a pas donné d’adresse e-mail valable : nous ne pouvons pas créer "
            "de compte sans elle. Autorisez-la, ou créez un compte avec le formulaire."
        ),
    }
    bad_answer = _("${provider} n’a pas confirmé qui vous êtes. Veuillez recommencer.")
    text = texts.get(type(error), bad_answer)
    return _(text, mapping={"provider": provider.title})
