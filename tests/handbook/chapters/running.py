"""« Démarrage et arrêt »: what visitors see of it, and that the machine brings all back."""

import time

from droplets import wait_until
from handbook.steps import Steps
from handbook.visitors import visit
from handbook.walk import Here, Walk

at = Steps()
PROXY = "[Service]\nEnvironment=https_proxy=http://127.0.0.1:3128\n"


def first_page() -> str:
    """An address of the first page that nobody has asked for: nginx keeps pages for a second."""
    return f"/?{time.time_ns()}"


def is_open(walk: Walk) -> bool:
    return visit(walk.droplet, first_page()).status == 200


@at("sudo systemctl stop ocpizza")
def visitors_read_that_we_are_back_soon(walk: Walk, here: Here) -> None:
    here.go()
    page = visit(walk.droplet, first_page())
    assert page.status == 503
    assert "Nous revenons tout de suite" in page.text


@at("sudo systemctl start ocpizza")
def it_answers_at_once(walk: Walk, here: Here) -> None:
    here.go()
    assert is_open(walk)


@at("sudo systemctl stop gunicorn")
def the_other_name_is_the_same_service(walk: Walk, here: Here) -> None:
    here.go()
    assert not is_open(walk)
    walk.type("sudo systemctl start ocpizza")


@at("sudo systemctl stop postgresql")
def visitors_wait_for_the_database(walk: Walk, here: Here) -> None:
    here.go()
    # The command comes back while the cluster still stops.
    wait_until(lambda: not is_open(walk), 60, "the site to miss its database")


@at("sudo systemctl start postgresql")
def it_is_found_again(walk: Walk, here: Here) -> None:
    here.go()
    assert is_open(walk)
    walk.droplet.reboot()
    assert is_open(walk)


@at("sudo systemctl edit ocpizza")
def the_service_gets_a_setting_of_its_own(walk: Walk, here: Here) -> None:
    walk.droplet.write("/srv/typed", PROXY)
    here.go()
    written = walk.droplet.read("/etc/systemd/system/ocpizza.service.d/override.conf")
    assert PROXY.strip() in written


@at("man ocpizza.ini")
def every_setting_is_in_its_page(walk: Walk, here: Here) -> None:
    here.go()
    assert "sentry_dsn" in walk.said.text


@at("sudo systemctl restart nginx")
def the_site_is_back_at_once(walk: Walk, here: Here) -> None:
    here.go()
    assert is_open(walk)
