"""« Déploiement » : from a plain Debian to a shop with everything that it can be told to use."""

import re

from distribution.build import INSIDE
from distribution.install import DEPLOY_LOGS, HOST, INI, psql
from distribution.shopping import order_a_pizza, sign_in
from handbook.neighbours import post_office
from handbook.steps import Steps
from handbook.visitors import CERTIFICATE, KEY, make_certificate, visit
from handbook.walk import Here, Walk
from views.account.test_sign_up import JULIA, SIGN_UP
from views.pages import words
from views.website import Browser

at = Steps()
REPOSITORY = "https://apt.ocpizza.fr/"
HERE, THERE = "10.77.0.1", "10.77.0.2"
VISITOR = "203.0.113.7"
PASSPHRASE = "une longue phrase de passe"
PASSWORD = "p%40ss"  # « p@ss » in a URL
ELSEWHERE = "Une base sur une autre machine"
ISSUED = f"--cert-path {CERTIFICATE} --fullchain-path {CERTIFICATE} --key-path {KEY}"

at.blanks = {
    REPOSITORY: f"file://{INSIDE}/",
    "cliente@example.fr": JULIA["email"],
    "db.example.net": THERE,
    "sk_live_…": "sk_live_1234",
    "pk_live_…": "pk_live_1234",
    "whsec_…": "whsec_1234",
}
at.exceptions = {"ocpizza work": "what a unit runs: it has no end"}


@at(f"sudo curl -fsS -o /etc/apt/keyrings/ocpizza.asc {REPOSITORY}ocpizza.asc")
def the_repository_is_on_this_machine(walk: Walk, here: Here) -> None:
    walk.droplet.copy_in(walk.packages.tree / "current", INSIDE)
    here.go()


@at("sudo apt install ocpizza")
def one_command_gives_an_empty_shop(walk: Walk, here: Here) -> None:
    here.go()
    page = walk.droplet.http("/", host=HOST)
    assert page.status == 200
    assert '<html lang="fr">' in page.text
    assert walk.droplet.http("/", host="192.0.2.7").body == page.body
    elsewhere = walk.droplet.http("/", host="not-ours.example")
    assert elsewhere.headers["Location"] == "https://www.ocpizza.fr/"
    assert walk.droplet.http("/health/ready", host=HOST).text == "ok\n"
    assert walk.droplet.output("debconf-show", "ocpizza") == ""


@at("sudo ocpizza create-manager")
def managers_sign_in_with_a_typed_and_a_generated_password(walk: Walk, here: Here) -> None:
    twice = (("Password:", PASSPHRASE), ("same again", PASSPHRASE))
    here.go(("Identifier", "ada"), ("First name", "Ada"), ("Last name", "Byron"), *twice)
    asked = (("Identifier", "grace"), ("First name", "Grace"), ("Last name", "Hopper"))
    made = walk.type(f"{here.text} --generate", *asked)
    browser = Browser(walk.droplet.site(HOST))
    assert sign_in(browser, "ada", "wrong").status_int == 422
    assert sign_in(browser, "ada", PASSPHRASE).status_int < 400
    assert "Ada" in words(browser.get("/equipe").maybe_follow())
    browser = Browser(walk.droplet.site(HOST))
    assert sign_in(browser, "grace", re.search(r"password: (\S+)", made.text)[1]).status_int < 400


@at("sudo ocpizza create-manager --reset --identifier IDENTIFIANT --generate")
def a_manager_who_lost_their_password_is_back(walk: Walk, here: Here) -> None:
    made = walk.type(here.text.replace("IDENTIFIANT", "ada"))
    browser = Browser(walk.droplet.site(HOST))
    assert sign_in(browser, "ada", PASSPHRASE).status_int == 422
    assert sign_in(browser, "ada", re.search(r"password: (\S+)", made.text)[1]).status_int < 400


@at("sudo ocpizza demo-data")
def the_demo_takes_an_order_and_is_not_mixed_with_it(walk: Walk, here: Here) -> None:
    assert "manager.republique" in here.go().text
    assert "Commande reçue" in words(order_a_pizza(Browser(walk.droplet.site(HOST))))
    again = walk.type(here.text, status=1)
    assert again.text.count("\n") == 1
    assert "orders" in again.text
    assert psql(walk.droplet, "SELECT count(*) FROM orders") == "1"


@at("sudo ocpizza erase-account cliente@example.fr")
def a_customer_is_erased(walk: Walk, here: Here) -> None:
    browser = Browser(walk.droplet.site(HOST))
    form = browser.form(SIGN_UP, SIGN_UP)
    for name, value in JULIA.items():
        form[name] = value
    assert form.submit().status_int == 303
    here.go(("Erase the account .* for good", "y"))
    assert "without their customer: 0" in walk.said.text
    assert psql(walk.droplet, "SELECT count(*) FROM account WHERE first_name = 'Julia'") == "0"


@at("CREATE ROLE ocpizza LOGIN PASSWORD 'MOT_DE_PASSE';")
def a_database_on_the_other_machine(walk: Walk, here: Here) -> None:
    psql(walk.other, here.text.replace("MOT_DE_PASSE", "p@ss"), "postgres")
    walk.blanks["MOT_DE_PASSE"] = PASSWORD.replace("%", "%%")


@at("sudo ocpizza deploy", ELSEWHERE)
def the_shop_uses_it_once_it_is_let_in(walk: Walk, here: Here) -> None:
    refused = walk.type(here.text, status=1)
    assert PASSWORD not in refused.text + walk.droplet.read(DEPLOY_LOGS)
    let_in(walk.other)
    here.go()
    walk.type("sudo ocpizza demo-data")
    assert "Commande reçue" in words(order_a_pizza(Browser(walk.droplet.site(HOST))))
    assert psql(walk.other, "SELECT count(*) FROM orders") == "1"
    # And home again, at the next deployment: what follows is about one machine that has all.
    walk.droplet.shell(rf"sed -i '/^\[database\]/,/^$/d' {INI}")
    walk.blanks["MOT_DE_PASSE"] = "secret"


def let_in(database) -> None:
    """Let the role in from the shop's machine."""
    psql(database, "ALTER SYSTEM SET listen_addresses = '*'", "postgres")
    for role in ("ocpizza", "lecture"):
        access = f"host ocpizza {role} {HERE}/32 scram-sha-256"
        database.shell(f"echo '{access}' | tee -a /etc/postgresql/*/main/pg_hba.conf")
    database.run("systemctl", "restart", "postgresql")


@at("sudo certbot --nginx -d www.ocpizza.fr -d ocpizza.fr")
def certbot_brings_https(walk: Walk, here: Here) -> None:
    """Let's Encrypt is out of reach; what certbot does with what it issues is not."""
    make_certificate(walk.droplet)
    walk.type(
        f"{here.text.replace('certbot', 'certbot install')} {ISSUED} --redirect --non-interactive"
    )


@at("sudo ocpizza deploy", "HTTPS")
def who_comes_by_http_is_sent_to_https(walk: Walk, here: Here) -> None:
    here.go()
    assert walk.droplet.http("/", host=HOST).headers["Location"] == f"https://{HOST}/"
    secure = visit(walk.droplet, "/connexion")
    assert secure.status == 200
    assert "Strict-Transport-Security" in secure.headers


@at("sudo ocpizza deploy", "Derrière un répartiteur de charge ou Cloudflare")
def the_visitors_own_address_is_in_the_log(walk: Walk, here: Here) -> None:
    here.go()
    asked = f"curl -fsk --resolve {HOST}:443:{HERE} -H 'X-Forwarded-For: {VISITOR}' https://{HOST}/"
    walk.other.shell(f"{asked} -H 'X-Forwarded-Proto: https' -o /dev/null")
    last = walk.droplet.output("tail", "-n", "1", "/var/log/nginx/ocpizza.access.log")
    assert last.startswith(VISITOR)


@at("sudo systemctl reload ocpizza", "Le courrier")
def mail_is_written_to_the_server_that_is_named(walk: Walk, here: Here) -> None:
    walk.droplet.shell("echo '127.0.0.1 smtp.example.net' >> /etc/hosts")
    walk.meanwhile.enter_context(post_office(walk.droplet, walk.folder))
    here.go()
