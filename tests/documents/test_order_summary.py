"""The summary of an order as a PDF file: every fact of product.md's B2, on any number of pages."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from documents.pdfs import codes_on, names_in, read, text_of
from factories import NOON, make_basket, make_staff, order_of
from ocpizza.documents.summary import order_summary
from ocpizza.domain.author import Author
from ocpizza.domain.selection import Selection
from ocpizza.models.account import Role
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentState, PaymentStatus, Refund, RefundState
from ocpizza.models.promotion import Promotion, PromotionKind
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import Ending, cancel_order
from ocpizza.services.payment.counter import Tender, record_payment

SITE = "https://www.ocpizza.fr"
CUSTOMER = Author(None, Role.CUSTOMER)


@pytest.fixture
def cashier(session, pizzeria):
    return make_staff(session, Role.CASHIER, pizzeria.restaurant)


@pytest.fixture
def write(session):
    """The file of an order, as it is in the database."""

    def write(order, site: str = SITE) -> bytes:
        session.flush()
        session.expire_all()
        return order_summary(session, order.id, site).content

    return write


@pytest.fixture
def says(write):
    """Asserts that the file of an order says all of this, and none of `never`."""

    def says(order, *expected: str, never: tuple[str, ...] = ()) -> None:
        text = text_of(write(order))
        assert [one for one in expected if one not in text] == []
        assert [one for one in never if one in text] == []

    return says


def every_selection(pizzeria) -> list[Selection]:
    """Every pizza that the pizzeria can make, size by size and option by option."""
    removable = {"regina": ("jambon", "champignons", "mozzarella"), "margherita": ("mozzarella",)}
    found = []
    for slug, size in product(removable, ("junior", "medium", "family")):
        for kept in product((True, False), repeat=len(removable[slug])):
            out = [code for code, stays in zip(removable[slug], kept, strict=True) if not stays]
            for extras in ((), ("oeuf",), ("mozzarella",), ("oeuf", "mozzarella")):
                if not set(out) & set(extras):
                    found.append(pizzeria.select(slug, size, without=out, extras=extras))
    return found


def test_a_delivery_says_everything_about_itself(session, pizzeria, says):
    choice = pizzeria.select("regina", without=["jambon"], extras=["oeuf"])
    order = order_of(
        session,
        pizzeria,
        [(choice, 2), (pizzeria.select("cola"), 1), (pizzeria.select("biere"), 1)],
        email="julia@example.org",
        complement="3e étage, code 12A",
        comment="Sonnez deux fois",
    )
    entity = pizzeria.restaurant.legal_entity
    says(
        order,
        f"Commande {order.number}",
        "Passée le 4 mars 2026 à 12 h",
        entity.name,
        f"{entity.street} {entity.postcode} {entity.town}",
        f"SIRET {entity.siret}",
        f"TVA {entity.vat_number}",
        f"{pizzeria.restaurant.name} {pizzeria.restaurant.street}",
        "Livraison Stanley Martin 12 rue Oberkampf 3e étage, code 12A 75011 Paris 06 12 34 56 78",
        "julia@example.org",
        "Prévue le 4 mars 2026 vers 12 h 35",
        "Regina, Classique 31 cm",
        "sans jambon · + œuf (1,00 €)",
        "Allergènes : Gluten, Œufs, Lait",
        "Allergènes : aucun des quatorze à déclaration obligatoire",
        "12,50 €",
        "25,00 €",
        "Articles 32,00 €",
        "Livraison 2,50 €",
        "Total TTC 34,50 €",
        "À régler au livreur · 34,50 € Espèces, au livreur",
        "Sonnez deux fois",
        "L221-28",
        f"{SITE}/conditions-generales",
        "1 / 1",
        never=("Promotion", "Modifiée", "reçu n°", "Rien à payer", "□"),
    )


def test_vat_is_told_by_rate_and_adds_up(session, pizzeria, says):
    lines = [(pizzeria.select(slug), 1) for slug in ("margherita", "cola", "biere")]
    order = order_of(session, pizzeria, lines, mode=Mode.TAKEAWAY)
    # 2,80 € at 5,5 %, 9,50 € at 10 %, 4,20 € at 20 %.
    says(
        order,
        "TVA Hors taxes Taxe TTC",
        "5,5 % 2,65 € 0,15 € 2,80 €",
        "10 % 8,64 € 0,86 € 9,50 €",
        "20 % 3,50 € 0,70 € 4,20 €",
        "Total TTC 16,50 €",
    )


def test_take_away_says_where_and_that_one_pays_there(session, pizzeria, says):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, means=Means.CARD_TERMINAL)
    says(
        order,
        "À emporter Stanley Martin",
        "À régler au comptoir · 9,50 € Carte bancaire, au comptoir",
        never=("Livraison",),
    )


def test_a_promotion_is_named_with_what_it_takes_off(session, pizzeria, says):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    promotion = Promotion(
        code="BIENVENUE", name="Bienvenue", kind=PromotionKind.AMOUNT, amount_cents=200
    )
    session.add(promotion)
    session.flush()
    line, revision = order.revision.lines[0], order.revision
    line.discount_cents, line.vat_cents = 200, 68
    revision.promotion_id, revision.discount_cents = promotion.id, 200
    revision.total_cents = 750
    says(
        order,
        "Articles 9,50 €",
        "Promotion Bienvenue −2,00 €",
        "Total TTC 7,50 €",
        "10 % 6,82 € 0,68 € 7,50 €",
    )


def test_a_paid_order_has_its_receipt(session, pizzeria, cashier, says):
    order = order_of(session, pizzeria)
    pizzeria.restaurant.legal_entity.last_receipt_number = 41
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    says(
        order,
        "Payée · 12,00 €",
        "Payé le 4 mars 2026 : 12,00 €, Espèces, au livreur, reçu n° 42",
        never=("À régler",),
    )


def test_several_payments_and_what_was_given_back(session, pizzeria, cashier, says):
    order = order_of(session, pizzeria)
    online = Payment(
        order_id=order.id,
        means=Means.ONLINE_CARD,
        state=PaymentState.AUTHORISED,
        amount_cents=500,
        created_at=NOON - timedelta(hours=1),
    )
    failed = Payment(
        order_id=order.id,
        means=Means.ONLINE_CARD,
        state=PaymentState.FAILED,
        amount_cents=1200,
        created_at=NOON,
    )
    session.add_all([online, failed])
    session.flush()
    # What whoever hands it over collects (`record_payment`).
    says(order, "À régler au livreur · 12,00 €", never=("Autorisé",))
    paid = record_payment(session, order, Tender(Means.CARD_TERMINAL), cashier.id, NOON)
    paid.refunds = [
        Refund(amount_cents=300, state=state, note="Froid", requested_at=NOON)
        for state in (RefundState.DONE, RefundState.FAILED)
    ]
    order.payment_status = PaymentStatus.PARTLY_REFUNDED
    session.flush()
    text = "Remboursé le 4 mars 2026 : 3,00 €, Carte bancaire, au livreur"
    says(order, "Remboursée en partie", "Payé le 4 mars 2026 : 12,00 €", text, never=("À régler",))


def test_an_online_order_that_is_not_paid_is_to_be_paid_online(session, pizzeria, says):
    order = order_of(session, pizzeria)
    order.payment_choice, order.means = PaymentChoice.ONLINE, Means.ONLINE_CARD
    says(order, "À payer en ligne · 12,00 €")


def test_a_cancelled_order_says_so_and_asks_for_nothing(session, pizzeria, says):
    order = order_of(session, pizzeria)
    cancel_order(session, order.id, CUSTOMER, NOON, Ending(note="Four en panne"))
    says(order, "Annulée · Four en panne", "Rien à payer", never=("À régler",))


def test_a_changed_order_shows_the_new_contents_only(session, pizzeria, says):
    order = order_of(session, pizzeria)
    later = NOON + timedelta(minutes=5)
    basket = start_change(session, order.id, later)
    basket.lines[0].selection = pizzeria.select("regina").text
    session.flush()
    total = review_basket(session, basket, later).quote.total_cents
    change_order(session, basket.token, Change(basket.checkout_key, total), CUSTOMER, later)
    says(order, "Modifiée le 4 mars 2026 à 12 h 05", "Regina, Classique", never=("Margherita",))


def test_two_halves_say_which_half_an_option_is_on(session, pizzeria, says):
    halves = (
        *pizzeria.select("regina", without=["jambon"]).parts,
        *pizzeria.select("margherita", extras=["oeuf"]).parts,
    )
    order = order_of(session, pizzeria, [(Selection(halves), 1)])
    says(order, "Regina / Margherita", "Regina : sans jambon · Margherita : + œuf (")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_camera_reads_the_address_of_the_tracking_page(session, pizzeria, write):
    order = order_of(session, pizzeria)
    address = f"{SITE}/suivi/{order.tracking_token}"
    content = write(order)
    assert codes_on(content) == [address]
    links = [note.get_object()["/A"]["/URI"] for note in read(content).pages[0]["/Annots"]]
    assert links == [address]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_readers_are_told_title_language_and_author(session, pizzeria, write):
    order = order_of(session, pizzeria)
    file = read(write(order))
    assert file.metadata.title == f"Commande {order.number}"
    assert file.metadata.author == pizzeria.restaurant.legal_entity.name
    assert file.metadata.subject == "Récapitulatif de commande"
    assert file.trailer["/Root"]["/Lang"] == "fr"
    assert file.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_brings_its_fonts_and_runs_nothing(session, pizzeria, write):
    names = names_in(write(order_of(session, pizzeria)))
    assert "/FontFile2" in names
    assert not names & {"/JavaScript", "/JS", "/AA", "/Launch", "/EmbeddedFiles"}


def test_the_same_order_gives_the_same_bytes(session, pizzeria, write):
    order = order_of(session, pizzeria, email="julia@example.org")
    assert write(order) == write(order)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_long_order_goes_on_over_pages_that_say_what_they_are(session, pizzeria, write):
    lines = [
        (selection, 1 + place % 9) for place, selection in enumerate(every_selection(pizzeria))
    ]
    order = order_of(session, pizzeria, lines)
    content = write(order)
    pages = [page.extract_text() for page in read(content).pages]
    assert len(pages) > 4
    assert all(
        page.mediabox[2:] == read(content).pages[0].mediabox[2:] for page in read(content).pages
    )
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
        assert order.number in page
    assert sum(page.count("Allergènes") for page in pages) == len(lines)
    assert all("Prix unitaire" in page for page in pages if "Allergènes" in page)
    assert text_of(content).count("Total TTC") == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_table_never_runs_into_the_foot_of_a_page(session, pizzeria, write):
    every = every_selection(pizzeria)
    for count in (8, 9, 10, 11, 12):
        file = read(write(order_of(session, pizzeria, [(one, 1) for one in every[:count]])))
        lowest = min(_baselines(page)[0] for page in file.pages)
        assert lowest > 0
        for page in file.pages:
            foot, *above = _baselines(page)
            assert above == [] or above[0] - foot > 8, count


def _baselines(page) -> list[float]:
    """Where texts stand on a page, from the lowest up, in points."""
    found: set[float] = set()

    def visit(text, _cm, tm, _font, _size):
        if text.strip():
            found.add(round(tm[5], 1))

    page.extract_text(visitor_text=visit)
    return sorted(found)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_language_of_the_order_decides(session, pizzeria, write):
    order = order_of(session, pizzeria)
    order.language = "en"
    file = read(write(order))
    assert file.trailer["/Root"]["/Lang"] == "en"
    text = text_of(write(order))
    assert "€12.00" in text
    assert "4 March 2026" in text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_options_are_in_the_language_of_the_order_where_the_restaurant_wrote_it(
    session, pizzeria, says
):
    pizzeria.ingredients["jambon"].name_en = "Cooked ham"
    choice = pizzeria.select("regina", without=["jambon"], extras=["oeuf"])
    order = order_of(session, pizzeria, [(choice, 1)])
    says(order, "sans jambon · + œuf (1,00 €)")
    order.language = "en"
    says(order, "without cooked ham · + œuf (€1.00)")


TYPED = st.text(min_size=1, max_size=100).filter(lambda text: text.isprintable() and text.strip())


@pytest.mark.parametrize("backend", ["sqlite"])
@given(name=TYPED, comment=st.text(max_size=500), street=TYPED)
def test_nothing_that_people_type_stops_it(session, pizzeria, name, comment, street):
    order = order_of(session, pizzeria)
    session.execute(update(Order).values(contact_name=name).where(Order.id == order.id))
    typed = {"comment": comment.replace("\0", "").encode(errors="replace").decode()}
    session.execute(
        update(OrderRevision)
        .values(street=street, **typed)
        .where(OrderRevision.order_id == order.id)
    )
    session.expire_all()
    content = order_summary(session, order.id, SITE).content
    assert order.number in text_of(content)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_cannot_be_printed_is_seen_to_be_missing(session, pizzeria, says):
    typed = {"contact_name": "Σοφία 王", "comment": "🍕 مرحبا {nb} \x01\x02"}
    says(order_of(session, pizzeria, **typed), "Σοφία □", "□ □□□□□ {nb}", "1 / 1")


def test_an_order_that_ended_well_is_not_marked(session, pizzeria, says):
    order = order_of(session, pizzeria, status=Status.DELIVERED)
    says(order, never=("Livrée, bon appétit",))


def test_a_basket_left_open_does_not_matter(session, pizzeria, says):
    order = order_of(session, pizzeria)
    make_basket(session, pizzeria)
    says(order, "Total TTC 12,00 €")
