"""C12: there and back again, to a provider on loopback, by browsers that lie and others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from sqlalchemy import func, select

import ocpizza
from databases import MIGRATIONS
from factories import NOON, PASSWORD, make_account
from ocpizza.db import read_only
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.sign_in import ExternalIdentity, ProviderVisit
from ocpizza.security.policy import FRESH_SECONDS
from ocpizza.settings import load_settings
from providers import ALICE_OF_FACEBOOK, Provider, hang_up, running_provider, say, with_query
from views.pages import form_of, notices, place, soup
from views.website import Website, sign_in

WAYS = "/compte/connexions"
SITE = "https://www.ocpizza.example"
STALE = "Cette demande de connexion n’est pas valable ou a expiré. Veuillez recommencer."
TITLES = {"google": "Google", "facebook": "Facebook"}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def asking(running: Provider, tmp_path_factory):
    """The application that asks this provider."""
    folder = tmp_path_factory.mktemp("asking")
    ini = folder / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = sqlite:///{folder}/nothing.sqlite\nmigrations = {MIGRATIONS}\n"
        f"[session]\nsecret_file = session.key\n[site]\nurl = {SITE}\n"
    )
    return ocpizza.main(load_settings(ini, environment={}) | running.settings)


@pytest.fixture
def there(running: Provider) -> Provider:
    """The provider, behaving, with nothing left from other tests."""
    fresh = Provider(running.address)
    for name in ("person", "answers", "requests", "codes", "tokens"):
        setattr(running, name, getattr(fresh, name))
    return running


@pytest.fixture
def shop(website: Website, there: Provider, asking) -> Website:
    """The website by the application that asks the provider."""
    asking.registry["engines"] = {"write": website.engine, "read": read_only(website.engine)}
    return Website(asking, website.engine, website.chain, {})


@pytest.fixture(params=["google", "facebook"])
def name(request, there: Provider) -> str:
    if request.param == "facebook":
        there.person = dict(ALICE_OF_FACEBOOK)
    return request.param


def leave(browser, name="google", page="/connexion", **query) -> str:
    """Press the button on a page; the address that it leads to."""
    form = browser.form(with_query(page, **query) if query else page, f"/connexion/{name}")
    return form.submit(status=303).headers["Location"]


def back(name, answer) -> str:
    return with_query(f"/connexion/{name}/retour", **answer)


def come_back(browser, there, name="google", **query):
    """All the way: the first answer to the browser once it is back."""
    return browser.get(back(name, there.agree(leave(browser, name, **query))), expect_errors=True)


def link(browser, there, name="google"):
    url = browser.form(WAYS, f"{WAYS}/{name}").submit(status=303).headers["Location"]
    return browser.get(back(name, there.agree(url)), status=303)


def signed_in(browser) -> bool:
    return browser.get("/compte", expect_errors=True).status_int == 200


def count(website, what) -> int:
    with website.session() as session:
        return session.scalar(select(func.count()).select_from(what))


def refused(website, browser, answer, message, before) -> None:
    """The sign-in page says so, nobody is signed in, nothing was made."""
    assert place(answer).startswith("/connexion")
    assert notices(answer.follow()) == [message]
    assert not signed_in(browser)
    assert (count(website, Account), count(website, ExternalIdentity)) == (before, 0)


def test_somebody_new_is_signed_in_to_a_new_account(shop, there, name):
    browser = shop.browser()
    before = count(shop, Account)
    answer = come_back(browser, there, name)
    assert place(answer) == "/"
    assert notices(answer.follow()) == ["Connecté"]
    assert signed_in(browser)
    assert count(shop, Account) == before + 1
    assert count(shop, ProviderVisit) == 0


def test_the_second_time_is_the_same_account(shop, there, name):
    come_back(shop.browser(), there, name)
    before = count(shop, Account)
    assert notices(come_back(shop.browser(), there, name).follow()) == ["Connecté"]
    assert count(shop, Account) == before


def test_somebody_goes_on_to_where_they_came_from(shop, there):
    answer = come_back(shop.browser(), there, page="/connexion", suite="/panier")
    assert place(answer) == "/panier"


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_goes_on_to_another_site(shop, there, path):
    browser = shop.browser()
    fields = {"suite": path}
    url = browser.post_form("/connexion/google", fields).headers["Location"]
    answer = browser.get(with_query("/connexion/google/retour", suite=path, **there.agree(url)))
    assert place(answer) == "/"


def test_the_basket_comes_along_and_the_session_is_new(shop, there):
    browser = shop.browser()
    browser.add()
    url = leave(browser)
    before = browser.cookies["ocpizza"]
    browser.get(back("google", there.agree(url)))
    assert browser.lines() == [("Margherita", 1)]
    browser.set_cookie("ocpizza", before)
    assert not signed_in(browser)


def test_people_are_sent_back_to_the_sites_address_whatever_the_host_says(shop, there, name):
    visitor = shop.browser(HTTP_HOST="192.0.2.66")
    query = dict(parse_qsl(urlsplit(leave(visitor, name)).query))
    assert query["redirect_uri"] == f"{SITE}/connexion/{name}/retour"


def test_nothing_but_a_post_of_our_own_sends_anybody_there(shop, name):
    shop.browser().get(f"/connexion/{name}", status=405)
    visitor = shop.browser(HTTP_SEC_FETCH_SITE="cross-site")
    assert visitor.post(f"/connexion/{name}", expect_errors=True).status_int == 400
    assert count(shop, ProviderVisit) == 0


def test_forms_may_lead_to_the_provider_from_its_pages_only(shop, there):
    browser = shop.browser()
    for page, allowed in (("/connexion", True), ("/inscription", True), ("/", False)):
        policy = browser.get(page).headers["Content-Security-Policy"]
        assert (f"form-action 'self' {there.address}" in policy) is allowed
        assert "default-src 'none'" in policy


@pytest.mark.parametrize("page", ["/connexion", "/inscription"])
def test_buttons_are_there_only_where_a_client_is_set(shop, website, page):
    buttons = soup(shop.browser().get(page)).select(".providers button")
    labels = [button.get_text(strip=True) for button in buttons]
    assert labels == ["Continuer avec Google", "Continuer avec Facebook"]
    without = website.browser().get(page)
    assert soup(without).select(".providers") == []
    assert without.headers["Content-Security-Policy"].count("form-action 'self';") == 1


def test_without_a_client_a_button_of_before_says_so(website, browser):
    answer = browser.post_form("/connexion/google", {})
    (message,) = notices(answer.follow())
    assert message.startswith("La connexion avec Google ne répond pas pour le moment.")


@pytest.mark.parametrize("change", [{"state": ""}, {"state": "forged"}, {"code": ""}])
def test_a_forged_callback_signs_nobody_in(shop, there, name, change):
    browser = shop.browser()
    before = count(shop, Account)
    answer = browser.get(back(name, there.agree(leave(browser, name)) | change))
    text = f"{TITLES[name]} n’a pas confirmé qui vous êtes. Veuillez recommencer."
    refused(shop, browser, answer, STALE if "state" in change else text, before)
    assert there.requests == []


def test_a_forged_callback_does_not_spoil_the_true_one(shop, there):
    browser = shop.browser()
    answer = there.agree(leave(browser))
    browser.get(back("google", answer | {"state": "forged"}))
    assert place(browser.get(back("google", answer))) == "/"
    assert signed_in(browser)


def test_a_parameter_given_twice_is_none(shop, there):
    browser = shop.browser()
    before = count(shop, Account)
    answer = there.agree(leave(browser))
    refused(shop, browser, browser.get(back("google", answer) + "&state=x"), STALE, before)


def test_a_callback_counts_once_even_with_the_cookie_of_before(shop, there, name):
    browser = shop.browser()
    answer = there.agree(leave(browser, name))
    cookie = browser.cookies["ocpizza"]
    browser.get(back(name, answer))
    asked = len(there.requests)
    thief = shop.browser()
    thief.set_cookie("ocpizza", cookie)
    again = thief.get(back(name, answer))
    assert notices(again.follow()) == [STALE]
    assert not signed_in(thief)
    assert len(there.requests) == asked


def test_a_callback_of_another_session_signs_nobody_in(shop, there, name):
    mine, theirs = shop.browser(), shop.browser()
    before = count(shop, Account)
    answer = there.agree(leave(mine, name))
    leave(theirs, name)
    refused(shop, theirs, theirs.get(back(name, answer)), STALE, before)
    refused(shop, shop.browser(), shop.browser().get(back(name, answer)), STALE, before)


def test_a_callback_at_the_other_providers_address_signs_nobody_in(shop, there):
    browser = shop.browser()
    before = count(shop, Account)
    answer = there.agree(leave(browser, "google"))
    refused(shop, browser, browser.get(back("facebook", answer)), STALE, before)


def test_a_code_used_elsewhere_signs_nobody_in(shop, there, name):
    browser = shop.browser()
    before = count(shop, Account)
    answer = there.agree(leave(browser, name))
    there.codes.clear()
    text = f"{TITLES[name]} n’a pas confirmé qui vous êtes. Veuillez recommencer."
    refused(shop, browser, browser.get(back(name, answer)), text, before)


def test_whoever_says_no_at_the_provider_is_told_that_they_did(shop, there, name):
    browser = shop.browser()
    before = count(shop, Account)
    state = there.agree(leave(browser, name, suite="/panier"))["state"]
    answer = browser.get(back(name, {"error": "access_denied", "state": state}))
    assert place(answer) == "/connexion?suite=%2Fpanier"
    text = f"Vous avez annulé la connexion avec {TITLES[name]}."
    refused(shop, browser, answer, text, before)


@pytest.mark.parametrize("step", ["token", "person"])
@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (hang_up, "La connexion avec {} ne répond pas pour le moment."),
        (say(503, "<html>"), "La connexion avec {} ne répond pas pour le moment."),
        (say(200, "<html>Sorry</html>"), "{} n’a pas confirmé qui vous êtes."),
        (say(302, "", Location="/elsewhere"), "{} n’a pas confirmé qui vous êtes."),
    ],
)
def test_a_provider_that_fails_signs_nobody_in(shop, there, name, step, bad, text):
    browser = shop.browser()
    before = count(shop, Account)
    there.answers[step] = bad
    answer = come_back(browser, there, name)
    (message,) = notices(answer.follow())
    assert message.startswith(text.format(TITLES[name]))
    assert not signed_in(browser)
    assert count(shop, Account) == before


def test_nothing_is_held_while_the_provider_is_asked(shop, there):
    held = []
    there.answers["person"] = lambda handler: (
        held.append(shop.engine.pool.checkedout()),
        say(500, "{}")(handler),
    )
    come_back(shop.browser(), there)
    assert held == [0]


def test_without_an_address_no_account_is_made(shop, there, name):
    browser = shop.browser()
    before = count(shop, Account)
    del there.person["email"]
    answer = come_back(browser, there, name)
    text = (
        f"{TITLES[name]} ne nous a pas donné d’adresse e-mail valable : nous ne pouvons pas "
        "créer de compte sans elle. Autorisez-la, ou créez un compte avec le formulaire."
    )
    refused(shop, browser, answer, text, before)


def owner(website, **values) -> int:
    with website.session() as session:
        return make_account(session, email="alice@example.org", **values).id


def test_google_opens_the_account_of_a_confirmed_address(shop, there):
    owner(shop, email_verified_at=NOON)
    browser = shop.browser()
    come_back(browser, there)
    assert "Julia Moreau" in browser.get("/compte").text
    with shop.session() as session:
        assert session.scalars(select(OutgoingMail.recipient)).all() == ["alice@example.org"]
    assert sign_in(shop.browser(), "alice@example.org").status_int == 303


def test_the_squatter_of_an_address_is_out_once_its_owner_comes(shop, there):
    owner(shop)
    squatter, browser = shop.browser(), shop.browser()
    sign_in(squatter, "alice@example.org", PASSWORD)
    assert signed_in(squatter)
    come_back(browser, there)
    assert signed_in(browser)
    assert not signed_in(squatter)
    assert sign_in(shop.browser(), "alice@example.org", PASSWORD).status_int == 422


def test_facebook_asks_the_owner_of_an_address_to_sign_in_and_link_it(shop, there):
    owner(shop)
    there.person = dict(ALICE_OF_FACEBOOK)
    browser = shop.browser()
    answer = come_back(browser, there, "facebook")
    text = (
        "Un compte existe déjà avec cette adresse : connectez-vous d’abord, puis liez-le à "
        "votre compte Facebook."
    )
    page = answer.follow()
    assert notices(page) == [text]
    assert not signed_in(browser)
    form = page.forms[0]
    form["identifier"], form["password"] = "alice@example.org", PASSWORD
    assert place(form.submit()) == WAYS
    assert place(link(browser, there, "facebook")) == WAYS
    assert "Facebook" in soup(browser.get(WAYS)).select_one(".ways").get_text()
    assert place(come_back(shop.browser(), there, "facebook")) == "/"


def test_a_closed_account_is_refused_in_the_words_of_a_wrong_password(shop, there):
    mine = owner(shop, status=AccountStatus.INACTIVE)
    browser = shop.browser()
    answer = come_back(browser, there)
    assert notices(answer.follow()) == ["Les informations saisies sont erronées"]
    assert not signed_in(browser)
    with shop.session() as session:
        assert session.get_one(Account, mine).password_hash


def test_a_member_of_staff_links_and_arrives_at_their_place(shop, there):
    driver = shop.browser()
    sign_in(driver, shop.chain.identifiers["driver"])
    link(driver, there)
    assert place(come_back(shop.browser(), there)) == "/equipe"


def test_linking_counts_only_for_whoever_began_it(shop, there):
    mine = shop.browser()
    sign_in(mine, shop.chain.identifiers["customer"])
    url = mine.form(WAYS, f"{WAYS}/google").submit(status=303).headers["Location"]
    mine.post_form("/deconnexion", {})
    sign_in(mine, shop.chain.identifiers["driver"])
    assert notices(mine.get(back("google", there.agree(url))).follow())[-1] == STALE
    assert count(shop, ExternalIdentity) == 0


def test_what_opens_another_account_is_not_linked(shop, there):
    come_back(shop.browser(), there)
    browser = shop.browser()
    sign_in(browser, shop.chain.identifiers["customer"])
    answer = link(browser, there)
    assert notices(answer.follow())[-1] == (
        "Ce compte Google sert déjà à se connecter à un autre compte OC Pizza."
    )
    assert count(shop, ExternalIdentity) == 1


def test_whoever_changes_their_mind_while_linking_stays_signed_in(shop, there):
    browser = shop.browser()
    sign_in(browser, shop.chain.identifiers["customer"])
    url = browser.form(WAYS, f"{WAYS}/google").submit(status=303).headers["Location"]
    state = there.agree(url)["state"]
    answer = browser.get(back("google", {"error": "access_denied", "state": state}))
    assert place(answer) == WAYS
    assert signed_in(browser)


def test_a_way_is_taken_away_but_never_the_last(shop, there):
    browser = shop.browser()
    come_back(browser, there)
    page = soup(browser.get(WAYS))
    assert page.select('form[action$="/retirer"]') == []
    assert "seul moyen de connexion" in page.get_text()
    with shop.session() as session:
        identity = session.scalars(select(ExternalIdentity.id)).one()
    answer = browser.post_form(f"{WAYS}/retirer", {"identity": str(identity)})
    (message,) = notices(answer.follow())
    assert message.startswith("C’est votre seul moyen de connexion")
    there.person = ALICE_OF_FACEBOOK | {"id": "1002"}
    link(browser, there, "facebook")
    browser.form(WAYS, f"{WAYS}/retirer").submit(status=303)
    assert count(shop, ExternalIdentity) == 1


@pytest.mark.parametrize("identity", ["", "x", "-1", "99999999999999999999", "²", "2147483648"])
def test_nonsense_takes_nothing_away(shop, there, identity):
    browser = shop.browser()
    come_back(browser, there)
    browser.post_form(f"{WAYS}/retirer", {"identity": identity}, status=303)
    assert count(shop, ExternalIdentity) == 1


def stale_customer(shop, there):
    """Somebody with Google and no fresh proof, and the clock of then."""
    browser = shop.browser()
    sign_in(browser, shop.chain.identifiers["customer"])
    link(browser, there)
    return browser, time_machine.travel(
        datetime.now(UTC) + timedelta(seconds=FRESH_SECONDS + 5), tick=True
    )


def prove(browser, there):
    """Ask to link Facebook, be asked who one is, and answer by Google."""
    page = browser.post_form(f"{WAYS}/facebook").follow()
    url = form_of(page, "/compte/preuve/google").submit(status=303).headers["Location"]
    return browser.get(back("google", there.agree(url)), status=303)


def test_a_linked_provider_proves_who_somebody_is(shop, there):
    browser, then = stale_customer(shop, there)
    with then:
        assert place(prove(browser, there)) == WAYS
        url = browser.form(WAYS, f"{WAYS}/facebook").submit(status=303).headers["Location"]
    assert url.startswith(there.address)
    assert count(shop, ExternalIdentity) == 1


def test_somebody_elses_google_proves_nothing(shop, there):
    browser, then = stale_customer(shop, there)
    there.person = dict(there.person) | {"sub": "somebody else", "email": "x@example.org"}
    before = count(shop, Account)
    with then:
        answer = prove(browser, there)
        assert place(answer).startswith("/compte/preuve")
        assert notices(answer.follow())[-1] == (
            "Ce compte Google n’est pas lié à votre compte OC Pizza."
        )
        assert place(browser.post_form(f"{WAYS}/facebook")).startswith("/compte/preuve")
    assert (count(shop, Account), count(shop, ExternalIdentity)) == (before, 1)
