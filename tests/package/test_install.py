"""`apt install ocpizza` on a fresh Debian 12 gives a shop that answers, and asks nothing."""

import json
import re

import pytest

from distribution.install import (
    DEPLOY_LOGS,
    HOST,
    INI,
    WITH_SERVERS,
    installed,
    keeps_pages,
    psql,
)
from distribution.shopping import order_a_pizza, sign_in
from droplets import new_droplet
from droplets.waiting import wait_until
from views.pages import words
from views.website import Browser

STEPS = [
    "# Step 1 : UBUNTU",
    "# Step 2 : POSTGRESQL DataBase",
    "# Step 3 : VIRTUAL ENVIRONMENT",
    "# Step 4 : PYRAMID PROJECT",
    "# Step 5 : GUNICORN",
    "# Step 6 : NGINX",
    "# Step 7 : Final step",
]
EVENT = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{3} : [A-Z][\w-]* > (CORRECT|ERROR)")
PAGES = "/run/ocpizza-pages"
ADA = ("--identifier", "ada", "--first-name", "Ada", "--last-name", "Byron")
ALAN = ("--identifier", "alan", "--first-name", "Alan", "--last-name", "Turing")
GRACE = ("--identifier", "grace", "--first-name", "Grace", "--last-name", "Hopper")


@pytest.fixture(scope="module")
def site(packages):
    """A shop with nothing in it at first, for tests that add to it, in whatever order."""
    with new_droplet("bookworm", WITH_SERVERS, installed(packages)) as droplet:
        yield droplet


in_one = pytest.mark.xdist_group("install")  # droplet


def owner(droplet, path: str) -> str:
    return droplet.output("stat", "-c", "%A %U:%G", path)


def test_each_step_is_in_the_log(untouched):
    lines = untouched.read(DEPLOY_LOGS).splitlines()
    assert [line for line in lines if line.startswith("#")] == STEPS
    events = [line for line in lines if not line.startswith(("#", "    "))]
    assert len(events) > 20
    assert {EVENT.fullmatch(line)[1] for line in events} == {"CORRECT"}


def test_the_templates_are_there_compiled(untouched):
    site_packages = "/usr/lib/ocpizza/venv/lib/python3*/site-packages/ocpizza"
    counted = untouched.shell(
        f"find {site_packages}/templates -name '*.jinja2' | wc -l;"
        f" find {site_packages}/compiled_templates -name '*.pyc' | wc -l"
    ).stdout.split()
    assert counted[0] == counted[1] != "0"


def test_the_database_is_as_the_contract_says(untouched):
    shown = "SELECT pg_encoding_to_char(encoding), rolname FROM pg_database"
    shown += " JOIN pg_roles r ON r.oid = datdba WHERE datname = 'ocpizza'"
    assert psql(untouched, shown) == "UTF8|ocpizza"
    powers = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolpassword IS NULL FROM pg_authid"
    assert psql(untouched, f"{powers} WHERE rolname = 'ocpizza'") == "f|f|f|t"
    asked = "SHOW transaction_isolation; SHOW timezone"
    as_service = ("runuser", "-u", "ocpizza", "--", "psql", "-XAt", "-c", asked)
    assert untouched.output(*as_service).split("\n") == ["read committed", "UTC"]


def test_nobody_but_the_service_reaches_its_database(untouched):
    as_nobody = ("runuser", "-u", "www-data", "--", "psql", "-U", "ocpizza", "-c", "SELECT 1")
    refused = untouched.run(*as_nobody, check=False)
    assert "Peer authentication failed" in refused.stderr


def test_secrets_belong_to_the_service_alone(untouched):
    assert owner(untouched, INI) == "-rw-r----- root:ocpizza"
    assert owner(untouched, "/var/lib/ocpizza/session.key") == "-rw------- ocpizza:ocpizza"
    read = ("runuser", "-u", "www-data", "--", "cat", INI)
    assert untouched.run(*read, check=False).returncode != 0


def test_no_one_but_root_may_write_the_packages_files(untouched):
    listed = untouched.output("dpkg", "-L", "ocpizza").splitlines()
    found = untouched.output(
        "xargs", "-d", "\n", "stat", "-c", "%A %U %n", input="\n".join(listed)
    ).splitlines()
    assert len(found) > 1000
    loose = [line for line in found if not re.match(r"l|[d-]....-..-. root |\S+ \S+ /var/", line)]
    assert loose == []


def test_the_service_has_no_rights_beyond_its_own(untouched):
    pid = untouched.output("systemctl", "show", "-P", "MainPID", "ocpizza")
    status = untouched.read(f"/proc/{pid}/status")
    assert re.search(r"^CapEff:\t0+$", status, re.M)
    assert re.search(r"^CapBnd:\t0+$", status, re.M)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.M)
    inside = ("nsenter", "-t", pid, "-m", "findmnt", "-no", "OPTIONS", "-T")
    assert untouched.output(*inside, "/usr").startswith("ro")
    assert untouched.output(*inside, "/var/lib/ocpizza").startswith("rw")


READ_PHOTOS = """
from io import BytesIO
from PIL import Image
from ocpizza.photos.encode import encode
for form in ("JPEG", "PNG", "WEBP"):
    file = BytesIO()
    Image.new("RGB", (4032, 3024), "tomato").save(file, form)
    print(form, len(encode(file.getvalue()).small) > 0)
"""


def test_photos_are_read_within_the_rights_of_the_service(untouched):
    unit = untouched.read("/usr/lib/systemd/system/ocpizza.service")
    rights = re.findall(r"^((?:Cap|Lock|Memory|No|Private|Pro|Restrict|System)\w+=.*)$", unit, re.M)
    assert len(rights) > 20
    held = [word for right in rights for word in ("-p", right)]
    run = ("systemd-run", "-q", "--wait", "--pipe", *held, "-p", "User=ocpizza")
    said = untouched.output(*run, "/usr/lib/ocpizza/venv/bin/python", "-c", READ_PHOTOS)
    assert said.split("\n") == ["JPEG True", "PNG True", "WEBP True"]


@in_one
def test_managers_with_a_generated_and_a_typed_password_sign_in(site):
    printed = site.output("ocpizza", "create-manager", "--generate", *ADA)
    password = re.search(r"password: (\S+)", printed)[1]
    browser = Browser(site.site(HOST))
    assert sign_in(browser, "ada", "wrong").status_int == 422
    assert sign_in(browser, "ada", password).status_int < 400
    assert "Ada" in words(browser.get("/equipe").maybe_follow())
    site.run("ocpizza", "create-manager", *GRACE, input="une longue phrase de passe\n")
    browser = Browser(site.site(HOST))
    assert sign_in(browser, "grace", "une longue phrase de passe").status_int < 400


@in_one
def test_the_demo_takes_an_order_and_is_not_mixed_with_it(site):
    assert "manager.republique" in site.output("ocpizza", "demo-data")
    assert "Commande reçue" in words(order_a_pizza(Browser(site.site(HOST))))
    assert site.output("ocpizza", "check") == "everything adds up"
    again = site.run("ocpizza", "demo-data", check=False)
    assert again.returncode != 0
    assert again.stderr.count("\n") == 1
    assert "orders" in again.stderr
    assert psql(site, "SELECT count(*) FROM orders") == "1"


@in_one
def test_the_shop_answers_as_soon_as_the_machine_is_up(site):
    site.reboot()
    assert site.http("/", host=HOST).status == 200


@in_one
def test_nginx_keeps_pages_for_a_second_in_memory(site):
    wait_until(lambda: keeps_pages(site), 60, "a page that was kept")
    assert owner(site, PAGES) == "drwx------ www-data:root"
    assert site.output("stat", "-f", "-c", "%T", PAGES) == "tmpfs"


@in_one
def test_deploying_again_changes_nothing_and_goes_on_in_a_rotated_log(site):
    """Nor is a firewall switched on; where it is active it is opened."""
    site.apt("install", "ufw")
    site.run("ocpizza", "create-manager", "--generate", *ALAN)
    before = site.http("/", host=HOST)
    accounts = psql(site, "SELECT count(*) FROM account")
    site.run("ocpizza", "deploy")
    lines = site.read(DEPLOY_LOGS).splitlines()
    assert [line for line in lines if line.startswith("#")] == STEPS * 2
    assert "ERROR" not in site.read(DEPLOY_LOGS)
    assert site.http("/", host=HOST).status == before.status == 200
    assert psql(site, "SELECT count(*) FROM account") == accounts != "0"
    assert site.output("ufw", "status") == "Status: inactive"
    site.run("logrotate", "--force", "/etc/logrotate.d/ocpizza")
    rotated = site.output("ls", "/var/log/ocpizza").split()
    assert any(name.startswith("deploy_logs.1") for name in rotated)
    site.run("ufw", "--force", "enable")
    site.run("ocpizza", "deploy")
    lines = site.read(DEPLOY_LOGS).splitlines()
    assert [line for line in lines if line.startswith("#")] == STEPS
    assert "ERROR" not in site.read(DEPLOY_LOGS)
    assert owner(site, DEPLOY_LOGS).endswith("root:adm")
    assert re.search(r"^ocpizza +ALLOW", site.output("ufw", "status"), re.M | re.I)


def test_only_root_deploys(untouched):
    refused = untouched.run("runuser", "-u", "www-data", "--", "ocpizza", "deploy", check=False)
    assert refused.returncode != 0
    assert refused.stderr.count("\n") == 1
    assert "sudo ocpizza" in refused.stderr


def test_the_state_is_there_for_people_and_programs(untouched):
    people = untouched.output("ocpizza", "status")
    for name in ("service", "database", "migrations", "disk"):
        assert re.search(rf"^ok +{name} ", people, re.M)
    programs = json.loads(untouched.output("ocpizza", "status", "--json"))
    assert programs["well"] is True
    assert {"service", "database", "migrations", "disk"} <= {r["name"] for r in programs["rows"]}


def test_what_helps_at_the_console_is_there(untouched):
    for page in ("man1/ocpizza.1", "man5/ocpizza.ini.5"):
        assert ".TH" in untouched.output("zcat", f"/usr/share/man/{page}.gz")
    completion = "source /usr/share/bash-completion/completions/ocpizza; complete -p ocpizza"
    assert "ocpizza" in untouched.output("bash", "-c", completion)
