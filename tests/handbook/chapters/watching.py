"""« Supervision »: what tells how the site is, and whom it tells."""

import re

from distribution.install import HOST, psql
from distribution.shopping import SHOP
from droplets import wait_until
from handbook.neighbours import sentry
from handbook.steps import Steps
from handbook.visitors import visit
from handbook.walk import Here, Walk

at = Steps()
WATCHDOG = "sudo /usr/share/ocpizza/supervisor/watchdog.sh"
# systemd says so of a pattern that fits no unit: nothing has failed yet.
NOTHING_FAILED = "sudo journalctl -u 'ocpizza-failed@*'"
TIMERS = "sudo systemctl disable --now ocpizza-status.timer"
at.statuses = {NOTHING_FAILED: 1}


@at("sudo ocpizza tell-failure essai.service")
def a_letter_arrives(walk: Walk, here: Here) -> None:
    here.go()
    letters = walk.folder / "letters"
    wait_until(lambda: "essai.service" in letters.read_text(), 60, "a letter")
    assert "To: exploitation@example.org" in letters.read_text()


@at(TIMERS)
def letters_may_end_for_a_while(walk: Walk, here: Here) -> None:
    here.go()
    walk.type("sudo systemctl enable --now ocpizza-status.timer")


def without_systemd(walk: Walk, here: Here, status: int = 0) -> None:
    """Where its sign is hidden: a container's other ways are all as on this machine."""
    hidden = f"mount -t tmpfs none /run/systemd && {here.text.removeprefix('sudo ')}"
    walk.type(f"sudo unshare --mount sh -c '{hidden}'", status=status)


@at(f"{WATCHDOG} start gunicorn")
def supervisor_starts_the_site(walk: Walk, here: Here) -> None:
    assert "systemd runs here" in walk.type(here.text, status=1).text
    walk.type("sudo systemctl stop ocpizza")
    without_systemd(walk, here)
    assert visit(walk.droplet, "/").status == 200


@at(f"{WATCHDOG} stop gunicorn")
def supervisor_stops_it(walk: Walk, here: Here) -> None:
    without_systemd(walk, here)
    assert visit(walk.droplet, "/").status == 503


@at(f"{WATCHDOG} restart gunicorn")
def supervisor_starts_it_anew(walk: Walk, here: Here) -> None:
    without_systemd(walk, here)
    assert visit(walk.droplet, "/").status == 200


@at(f"{WATCHDOG} status gunicorn")
def supervisor_says_how_it_is(walk: Walk, here: Here) -> None:
    without_systemd(walk, here)
    assert "RUNNING" in walk.said.text
    here.text = here.text.replace("status", "stop")
    without_systemd(walk, here)
    here.text = here.text.replace("stop", "status")
    without_systemd(walk, here, status=3)
    walk.type("sudo systemctl start ocpizza")


@at("[supervision]", "Sentry")
def a_sentry_that_is_near(walk: Walk, here: Here) -> None:
    dsn = walk.meanwhile.enter_context(sentry(walk.droplet, walk.folder))
    here.text = here.text.replace("https://CLÉ@o0.ingest.de.sentry.io/123", dsn)
    here.go()


@at("curl http://127.0.0.1:6544/metrics")
def figures_are_for_prometheus(walk: Walk, here: Here) -> None:
    here.go()
    assert "ocpizza_database_up 1.0" in walk.said.text
    assert visit(walk.droplet, "/metrics").status == 404


@at("sudo systemctl reload prometheus")
def prometheus_takes_the_lines(walk: Walk, here: Here) -> None:
    file = "/etc/prometheus/prometheus.yml"
    lines = walk.droplet.read(file).split("scrape_configs:\n")
    walk.droplet.run("tee", file, input=f"scrape_configs:\n{walk.take('yaml')}".join(lines))
    walk.type(f"promtool check config {file}")
    here.go()
    walk.droplet.run("systemctl", "stop", "prometheus")


@at("sudo systemctl stop ocpizza-metrics.socket")
def figures_are_at_another_port(walk: Walk, here: Here) -> None:
    here.go()
    walk.type("sudo systemctl restart ocpizza")
    walk.type("curl http://127.0.0.1:6545/metrics")
    assert "ocpizza_database_up 1.0" in walk.said.text


@at("sudo journalctl -f -u ocpizza")
def it_goes_on_until_one_ends_it(walk: Walk, here: Here) -> None:
    walk.type(f"timeout 1 {here.text}", status=124)


@at("sudo journalctl -u ocpizza --grep 1a2b3c4d")
def the_cause_is_found_by_what_the_customer_read(walk: Walk, here: Here) -> None:
    psql(walk.droplet, "ALTER TABLE product_size RENAME TO elsewhere")
    page = visit(walk.droplet, SHOP, HOST)
    psql(walk.droplet, "ALTER TABLE elsewhere RENAME TO product_size")
    assert page.status == 500
    mark = re.search(r"donnez ce repère\s*: (\w{8})\b", page.text)[1]
    here.text = here.text.replace("1a2b3c4d", mark)
    here.go()
    assert "product_size" in walk.said.text


@at("ocpizza tell-status")
def whoever_has_no_timers_lets_cron_run_it(walk: Walk, here: Here) -> None:
    walk.type(f"sudo {here.text}")
