"""Where the group's managers arrive: how old the last backup is, and whether one could be used."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.i18n.negotiation import COOKIE
from ocpizza.models.job import JobRun
from ocpizza.operations.job_runs import BACKUP, DRILL
from views.pages import words

HOME = "/equipe"
TELL = "Prévenez la personne qui s’occupe du serveur."
# The website's clock is the real one.
NOW = datetime.now(UTC)


def note(website, job: str, days: float, *, succeeded: bool = True) -> None:
    at = NOW - timedelta(days=days)
    run = JobRun(job=job, started_at=at, finished_at=at, changes={}, succeeded=succeeded)
    with website.session() as session:
        session.add(run)
        session.commit()


def seen(website, language: str = "fr") -> str:
    browser = website.staff("direction")
    for cookie in list(browser.cookiejar):
        if cookie.name.endswith(COOKIE):
            browser.cookiejar.clear(cookie.domain, cookie.path, cookie.name)
    return words(browser.get(HOME, headers={"Accept-Language": language}))


def test_nothing_was_saved_yet(website):
    page = seen(website)
    assert "Aucune sauvegarde n’a encore été faite." in page
    assert "Aucune restauration n’a encore été essayée." in page
    assert TELL not in page


def test_how_old_it_is_and_when_a_restoration_last_held(website):
    note(website, BACKUP, 5.1)
    note(website, DRILL, 1.1)
    page = seen(website)
    assert "Dernière sauvegarde : le " in page
    assert "(il y a 5 jours)." in page
    assert "Dernière restauration essayée avec succès : le " in page
    assert "(il y a 1 jour)." in page
    assert TELL not in page
    assert "(5 days ago)." in seen(website, "en")


@pytest.mark.parametrize(
    ("job", "says"),
    [
        (BACKUP, "La dernière tentative a échoué, le "),
        (DRILL, "Le dernier essai a échoué, le "),
    ],
)
def test_what_failed_since_is_told_beside_what_held(website, job, says):
    note(website, job, 3)
    note(website, job, 1, succeeded=False)
    page = seen(website)
    assert "(il y a 3 jours)." in page
    assert says in page
    assert TELL in page
    note(website, job, 0)
    assert TELL not in seen(website)


@pytest.mark.parametrize("job", [BACKUP, DRILL])
def test_one_that_is_too_old_is_to_be_told(website, job):
    note(website, job, 36)
    assert TELL in seen(website)
