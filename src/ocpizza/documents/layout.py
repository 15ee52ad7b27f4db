"""Where things stand on the summary of an order: A4, as many pages as it takes."""

from collections.abc import Sequence

from fpdf.enums import Align

from ocpizza.documents import phrases
from ocpizza.documents.code import draw_code
from ocpizza.documents.facts import Line, Summary
from ocpizza.documents.paper import (
    DOUGH,
    HEADING,
    MARGIN,
    NORMAL,
    SMALL,
    STRONG,
    TOMATO,
    WIDTH,
    Paper,
    Style,
    Texts,
    height,
)
from ocpizza.documents.words import Words
from ocpizza.domain.plain_text import unlinked
from ocpizza.i18n import _

BRAND = Style(20, bold=True, colour=TOMATO)
TITLE = Style(15, bold=True)
TOTAL = Style(12, bold=True)
CODE_SIZE = 34.0
GAP = 4.0
LEFT, RIGHT = Align.L, Align.R
# From the left edge, their widths, and where their texts stand.
Columns = tuple[tuple[float, float, Align], ...]
# Quantity, article, unit price, amount.
COLUMNS: Columns = ((0, 12, LEFT), (12, 112, LEFT), (126, 25, RIGHT), (151, 27, RIGHT))
# Rate, before VAT, VAT, with VAT.
VAT_COLUMNS: Columns = ((0, 16, LEFT), (16, 27, RIGHT), (43, 25, RIGHT), (68, 27, RIGHT))
SUMS_COLUMNS: Columns = ((104, 47, LEFT), (151, 27, RIGHT))


def draw(summary: Summary, say: Words) -> bytes:
    """Return the PDF file; the same facts give the same bytes."""
    title = phrases.title(summary, say)
    entity = summary.seller
    registered = say(_("SIRET ${number}", mapping={"number": entity.siret}))
    small_print = f"{entity.name} · {entity.street}, {entity.postcode} {entity.town} · {registered}"
    paper = Paper(say.language, title, f"OC Pizza · {title}", small_print)
    paper.set_author(entity.name)
    paper.set_creator("OC Pizza")
    paper.set_subject(say(_("Récapitulatif de commande")))
    paper.set_creation_date(summary.revision.made_at)
    for section in (_top, _parties, _lines, _sums, _payment, _end):
        section(paper, summary, say)
    return bytes(paper.output())


def _top(paper: Paper, summary: Summary, say: Words) -> None:
    start, width = paper.y, WIDTH - CODE_SIZE - GAP
    texts: Texts = [
        ("OC Pizza", BRAND),
        (say(_("Récapitulatif de commande")), HEADING),
        (phrases.title(summary, say), TITLE),
        *((text, NORMAL) for text in phrases.dates(summary, say)),
        (phrases.standing(summary, say), Style(11, bold=True, colour=TOMATO)),
        (say(_("Suivre ma commande :")) + " " + summary.tracking_url, SMALL),
    ]
    paper.write_block([text for text in texts if text[0]], width=width)
    # Its white border may go beyond the text's edge.
    left = MARGIN + WIDTH - CODE_SIZE + GAP / 2
    draw_code(paper, summary.tracking_url, left, start - GAP, CODE_SIZE)
    paper.set_y(max(paper.y, start + CODE_SIZE - GAP) + GAP)


def _parties(paper: Paper, summary: Summary, say: Words) -> None:
    width = (WIDTH - GAP) / 2
    columns = (
        (say(_("Vendeur")), phrases.seller(summary, say)),
        (say.label(summary.order.mode), phrases.destination(summary, say)),
    )
    top = bottom = paper.y
    for place, (heading, texts) in enumerate(columns):
        paper.set_y(top)
        name, *others = texts
        block = [(heading, HEADING), (name, STRONG), *((text, NORMAL) for text in others)]
        paper.put(paper.wrap(block, width), MARGIN + place * (width + GAP), width)
        bottom = max(bottom, paper.y)
    paper.set_y(bottom + GAP)


def _lines(paper: Paper, summary: Summary, say: Words) -> None:
    headings = [say(text) for text in (_("Qté"), _("Article"), _("Prix unitaire"), _("Montant"))]
    _row(paper, headings, COLUMNS, STRONG, filled=True)
    for line in summary.lines:
        article = paper.wrap(_article(line, say), COLUMNS[1][1])
        if height(article) + 2 > paper.room:
            paper.add_page()
            _row(paper, headings, COLUMNS, STRONG, filled=True)
        top = paper.y
        cells = [str(line.quantity), "", say.euros(line.unit_price_cents)]
        _row(paper, [*cells, say.euros(line.amount_cents)], COLUMNS, NORMAL)
        paper.set_y(top)
        paper.put(article, MARGIN + COLUMNS[1][0], COLUMNS[1][1])
        paper.set_y(paper.y + 1)
        paper.rule()


def _article(line: Line, say: Words) -> Texts:
    # An option stays on one line.
    options = [phrases.option(one, say).replace(" ", "\u00a0") for one in line.options]
    texts = [
        (f"{line.name}, {say.data(line, 'size_name')}", STRONG),
        (" · ".join(options), NORMAL),
        (phrases.allergens(line, say), SMALL),
        *((text, SMALL) for text in phrases.meats(line, say)),
    ]
    return [text for text in texts if text[0]]


def _sums(paper: Paper, summary: Summary, say: Words) -> None:
    rows = phrases.sums(summary, say)
    paper.set_y(paper.y + 2)
    paper.need(max(len(rows) + 1, len(summary.vat) + 2) * TOTAL.height)
    top = paper.y
    for place, row in enumerate(rows, 1):
        _row(paper, row, SUMS_COLUMNS, TOTAL if place == len(rows) else NORMAL)
    bottom = paper.y
    paper.set_y(top)
    headings = [_("TVA"), _("Hors taxes"), _("Taxe"), _("TTC")]
    _row(paper, [say(text) for text in headings], VAT_COLUMNS, STRONG, filled=True, width=95.0)
    for vat in summary.vat:
        cells = map(say.euros, (vat.net_cents, vat.vat_cents, vat.gross_cents))
        _row(paper, [say.percent(vat.rate), *cells], VAT_COLUMNS, NORMAL)
    paper.set_y(max(paper.y, bottom) + GAP)


def _payment(paper: Paper, summary: Summary, say: Words) -> None:
    texts = [(text, NORMAL) for text in phrases.payment(summary, say)]
    paper.write_block([(say(_("Paiement")), HEADING), *texts])
    if summary.revision.comment:
        paper.set_y(paper.y + GAP)
        comment = unlinked(summary.revision.comment)
        paper.write_block([(say(_("Vos instructions")), HEADING), (comment, NORMAL)])


def _end(paper: Paper, summary: Summary, say: Words) -> None:
    paper.set_y(paper.y + GAP)
    withdrawal = _(
        "Le droit de rétractation ne s’applique pas aux denrées susceptibles de se détériorer "
        "rapidement (article L221-28 du code de la consommation)."
    )
    terms = say(_("Conditions générales de vente :")) + " " + summary.terms_url
    paper.write_block([(say(withdrawal), SMALL), (terms, SMALL)])


def _row(
    paper: Paper,
    cells: Sequence[str],
    columns: Columns,
    style: Style,
    *,
    filled: bool = False,
    width: float = WIDTH,
) -> None:
    """A row of a table, as high as its highest cell."""
    if filled:
        paper.set_fill_color(*DOUGH)
        paper.rect(MARGIN, paper.y - 0.6, width, style.height + 1.2, style="F")
    top = bottom = paper.y
    for cell, (left, wide, align) in zip(cells, columns, strict=True):
        paper.set_y(top)
        paper.put(paper.wrap([(cell, style)], wide), MARGIN + left, wide, align)
        bottom = max(bottom, paper.y)
    paper.set_y(bottom + (1.2 if filled else 0))
