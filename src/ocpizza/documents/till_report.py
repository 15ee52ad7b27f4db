"""X and Z on 80 mm paper: what a till took, what should be in its drawer and what was counted."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy.orm import Session

from ocpizza.documents.roll import Roll, on_a_roll
from ocpizza.documents.ticket import BOLD, FINE, LARGE, PLAIN
from ocpizza.documents.words import Words, words_in
from ocpizza.domain.till_report import Flow
from ocpizza.i18n import _
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.till import TillSession
from ocpizza.services.till.report import TillReport, load_report, moved_by_kind


def till_ticket(
    session: Session, till: TillSession, restaurant: Restaurant, language: str
) -> bytes:
    """Return the report of a till, in the language of whoever prints it."""
    say, report = words_in(language), load_report(session, till)

    def write(roll: Roll) -> None:
        _top(roll, till, restaurant, say)
        _taken(roll, report, say)
        _drawer(roll, till, report, say)

    return on_a_roll(say.language, _title(till, say), write)


def _title(till: TillSession, say: Words) -> str:
    if till.number is None:
        return say(_("Rapport X"))
    return say(_("Rapport Z n° ${number}", mapping={"number": till.number}))


def _top(roll: Roll, till: TillSession, restaurant: Restaurant, say: Words) -> None:
    # What was printed once keeps what it says, whoever sells there by now.
    entity = restaurant.legal_entity
    seller = entity.as_of(till.closed_at) if till.closed_at else entity
    opened = {"day": say.date(till.opened_at), "time": say.time(till.opened_at)}
    roll.write_down([("OC Pizza", LARGE), (restaurant.name, BOLD), (seller.name, PLAIN)])
    roll.write_down([(say(_("SIRET ${number}", mapping={"number": seller.siret})), FINE)])
    roll.rule()
    roll.write_down([(_title(till, say), LARGE)])
    said = [say(_("Ouverte le ${day} à ${time}", mapping=opened))]
    said += [till.opened_by.full_name] if till.opened_by else []
    if till.closed_at:
        closed = {"day": say.date(till.closed_at), "time": say.time(till.closed_at)}
        said.append(say(_("Close le ${day} à ${time}", mapping=closed)))
        said += [till.closed_by.full_name] if till.closed_by else []
    roll.write_down([(text, PLAIN) for text in said])


def _taken(roll: Roll, report: TillReport, say: Words) -> None:
    sums = report.sums
    roll.rule()
    roll.write_down([(say(_("Par moyen de paiement")), BOLD)])
    _flows(roll, sums.means.items(), say)
    roll.write_across(say(_("Total")), say.euros(sums.net_cents), BOLD)
    roll.write_across(say(_("Commandes")), str(sums.orders), PLAIN)
    roll.rule()
    roll.write_down([(say(_("Par mode")), BOLD)])
    _flows(roll, sums.modes.items(), say)
    roll.rule()
    roll.write_down([(say(_("Par taux de TVA")), BOLD)])
    for rate, taxed in sums.vat.items():
        values = {"rate": say.percent(rate), "net": say.euros(taxed.net_cents)}
        said = say(_("TVA ${rate} sur ${net} hors taxes", mapping=values))
        roll.write_across(said, say.euros(taxed.vat_cents), PLAIN)


def _flows(roll: Roll, flows: Iterable[tuple[StrEnum, Flow]], say: Words) -> None:
    """What is left of each; below it what was given back, if anything was."""
    for key, flow in flows:
        roll.write_across(say.label(key), say.euros(flow.net_cents), PLAIN)
        if flow.given_back_cents:
            values = {
                "received": say.euros(flow.received_cents),
                "back": say.euros(flow.given_back_cents),
            }
            said = say(_("${received} encaissés, ${back} rendus", mapping=values))
            roll.write_down([(said, FINE)])


def _drawer(roll: Roll, till: TillSession, report: TillReport, say: Words) -> None:
    drawer = report.drawer
    roll.rule()
    roll.write_down([(say(_("Tiroir-caisse")), BOLD)])
    for title, cents in (
        (_("Fond de caisse"), drawer.float_cents),
        (_("Espèces encaissées"), drawer.received_cents),
        (_("Espèces rendues"), drawer.given_back_cents),
    ):
        roll.write_across(say(title), say.euros(cents), PLAIN)
    for kind, cents in moved_by_kind(till.movements).items():
        roll.write_across(say.label(kind), say.euros(cents), PLAIN)
    roll.write_across(say(_("Attendu")), say.euros(drawer.expected_cents), BOLD)
    if till.counted_cents is None:
        return
    for each in till.pieces:
        count = f"{each.pieces} × {say.euros(each.value_cents)}"
        roll.write_across(count, say.euros(each.pieces * each.value_cents), FINE)
    roll.write_across(say(_("Compté")), say.euros(till.counted_cents), BOLD)
    roll.write_across(say(_("Écart")), say.euros(till.difference_cents), BOLD)
    roll.write_down([(till.difference_note, PLAIN)])
