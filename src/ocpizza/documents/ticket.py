"""Tickets on 80 mm paper: what the kitchen makes, and what a customer who asks is given.

A file, as all of the house's paper: a page of CSS is as long as a sheet, a ticket as its order.
"""

from sqlalchemy.orm import Session

from ocpizza.documents import phrases
from ocpizza.documents.facts import Line, Summary, summary_of
from ocpizza.documents.paper import Style
from ocpizza.documents.roll import BLACK, Roll, on_a_roll
from ocpizza.documents.words import Words, words_in
from ocpizza.i18n import _
from ocpizza.services.catalogue.meats import meats_here
from ocpizza.services.order.summary import load_summary

HUGE = Style(24, bold=True, colour=BLACK)
LARGE = Style(15, bold=True, colour=BLACK)
BOLD = Style(10, bold=True, colour=BLACK)
PLAIN = Style(10, colour=BLACK)
FINE = Style(8, colour=BLACK)


def kitchen_ticket(session: Session, order_id: int, site_url: str, language: str) -> bytes:
    """Return what the kitchen hangs up, in the language of whoever prints it."""
    summary, say = _facts(session, order_id, site_url), words_in(language)
    return on_a_roll(
        say.language, phrases.title(summary, say), lambda roll: _to_make(roll, summary, say)
    )


def customer_ticket(session: Session, order_id: int, site_url: str) -> bytes:
    """Return what a customer who asks for a ticket is given, in the order's language."""
    summary = _facts(session, order_id, site_url)
    say = words_in(summary.order.language)
    return on_a_roll(
        say.language, phrases.title(summary, say), lambda roll: _sold(roll, summary, say)
    )


def _facts(session: Session, order_id: int, site_url: str) -> Summary:
    order, payments, promotion = load_summary(session, order_id)
    meats = meats_here(session, order.restaurant_id)
    return summary_of(order, payments, promotion, meats, site_url)


def _to_make(roll: Roll, summary: Summary, say: Words) -> None:
    order = summary.order
    promised = say(_("Pour ${time}", mapping={"time": say.time(order.expected_at)}))
    roll.write_down([(order.number, HUGE), (say.label(order.mode), LARGE), (promised, LARGE)])
    for line in summary.lines:
        roll.rule()
        roll.write_down(
            [
                (f"{line.quantity} × {line.name}", LARGE),
                (say.data(line, "size_name"), PLAIN),
                *((option, LARGE) for option in _options(line, say)),
                (", ".join(say.label(one) for one in line.allergens), FINE),
            ]
        )
    if summary.revision.comment:
        roll.rule()
        comment = say(_("« ${words} »", mapping={"words": summary.revision.comment}))
        roll.write_down([(comment, LARGE)])


def _options(line: Line, say: Words) -> list[str]:
    """In capitals: an oversight is a pizza thrown away."""
    return [phrases.left_out_or_added(one, say).upper() for one in line.options]


def _sold(roll: Roll, summary: Summary, say: Words) -> None:
    roll.write_down([("OC Pizza", LARGE)])
    name, *others = phrases.seller(summary, say)
    roll.write_down([(name, BOLD), *((text, FINE) for text in others)])
    roll.rule()
    roll.write_down([(phrases.title(summary, say), BOLD)])
    roll.write_down([(text, FINE) for text in phrases.dates(summary, say)])
    roll.write_down([(phrases.standing(summary, say), BOLD)])
    roll.write_down([(say.label(summary.order.mode), PLAIN)])
    roll.rule()
    for line in summary.lines:
        roll.write_across(f"{line.quantity} × {line.name}", say.euros(line.amount_cents), PLAIN)
        roll.write_down(
            [
                (say.data(line, "size_name"), FINE),
                *((phrases.option(one, say), FINE) for one in line.options),
                (phrases.allergens(line, say), FINE),
                *((text, FINE) for text in phrases.meats(line, say)),
            ]
        )
    roll.rule()
    rows = phrases.sums(summary, say)
    for place, (label, amount) in enumerate(rows, 1):
        roll.write_across(label, amount, BOLD if place == len(rows) else PLAIN)
    roll.rule()
    for vat in summary.vat:
        rate = {"rate": say.percent(vat.rate), "net": say.euros(vat.net_cents)}
        said = say(_("TVA ${rate} sur ${net} hors taxes", mapping=rate))
        roll.write_across(said, say.euros(vat.vat_cents), FINE)
    roll.rule()
    roll.write_down([(text, PLAIN) for text in phrases.payment(summary, say)])
