"""UC3.2: why a promotion does not hold, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from translationstring import TranslationString

from ocpizza.amounts import euros, on_weekdays
from ocpizza.domain.promotion import DAY_BEGINS, DAY_ENDS, Ineligibility, Terms, Verdict
from ocpizza.i18n import Shown, _
from ocpizza.moments import clock, day, hour

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.request import Request

WHY_NOT: dict[Ineligibility, str] = {
    Ineligibility.SIGNED_OUT: _("Connectez-vous pour profiter de la promotion ${code}."),
    Ineligibility.INACTIVE: _("La promotion ${code} n’est plus proposée."),
    Ineligibility.NOT_BEGUN: _("La promotion ${code} commence ${start_day} à ${start_time}."),
    Ineligibility.ENDED: _("La promotion ${code} est terminée depuis ${end_day} à ${end_time}."),
    Ineligibility.WEEKDAY: _("La promotion ${code} est valable uniquement ${weekdays}."),
    Ineligibility.HOURS: _("La promotion ${code} est valable uniquement de ${from} à ${to}."),
    Ineligibility.RESTAURANT: _("La promotion ${code} n’est pas valable dans ce restaurant."),
    Ineligibility.TOTAL_LIMIT: _("La promotion ${code} est épuisée."),
    Ineligibility.CUSTOMER_LIMIT: _(
        "Vous avez déjà utilisé la promotion ${code} autant de fois que possible."
    ),
    Ineligibility.FIRST_ORDER: _("La promotion ${code} est réservée à une première commande."),
    Ineligibility.NO_BIRTHDAY: _(
        "La promotion ${code} est valable autour de votre anniversaire : indiquez votre date de "
        "naissance dans votre compte."
    ),
    Ineligibility.BIRTHDAY: _(
        "La promotion ${code} est valable de trois jours avant à trois jours après votre "
        "anniversaire."
    ),
    Ineligibility.PRODUCT: _(
        "Le produit offert par la promotion ${code} n’est pas dans votre panier."
    ),
    Ineligibility.MINIMUM: _(
        "La promotion ${code} demande ${minimum} d’achats : il manque ${missing}."
    ),
}


def why_not(
    verdict: Verdict, words: Mapping[Ineligibility, str] = WHY_NOT
) -> list[TranslationString]:
    """Return every reason why a promotion does not hold, a sentence each, to be translated."""
    values = _conditions(verdict.terms) | {"missing": Shown(euros, verdict.missing_cents)}
    return [
        _(str(words[ineligibility]), mapping=values) for ineligibility in verdict.ineligibilities
    ]


def _conditions(terms: Terms) -> dict[str, Any]:
    """Return what a promotion asks for, as values for sentences about it."""
    values: dict[str, Any] = {
        "code": terms.code,
        "minimum": Shown(euros, terms.benefit.minimum_cents),
        "weekdays": Shown(on_weekdays, terms.weekdays),
        "from": Shown(hour, DAY_BEGINS if terms.from_minute is None else terms.from_minute),
        "to": Shown(hour, DAY_ENDS if terms.to_minute is None else terms.to_minute),
    }
    for name, at in (("start", terms.starts_at), ("end", terms.ends_at)):
        if at is not None:
            values |= {f"{name}_day": Shown(day, at), f"{name}_time": Shown(clock, at)}
    return values


def promotion_ineligibilities(request: "Request", verdict: Verdict) -> list[str]:
    """Return the reasons in the visitor's language, for templates."""
    return [request.localizer.translate(reason) for reason in why_not(verdict)]


def includeme(config: "Configurator") -> None:
    config.add_request_method(promotion_ineligibilities)
