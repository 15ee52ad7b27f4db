"""UC7.1: a password that was shown once is not there for whoever comes to the screen next."""

import pytest
from playwright.sync_api import Error, expect

from browser.open_house import OpenHouse

pytestmark = pytest.mark.browser
BACK = "() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"


@pytest.fixture
def issued(chromium, open_house: OpenHouse):
    """The page that shows a new password, and the password."""
    visit = open_house.new_visit(chromium, "manager")
    page = visit.new_page()
    page.goto(open_house.path("colleague", colleague="trainee"))
    page.get_by_role("button", name="Donner un nouveau mot de passe").click()
    yield page, page.locator(".issued dd").nth(1).inner_text()
    visit.close()


def test_going_back_does_not_show_a_password_again(issued):
    page, password = issued
    page.get_by_role("link", name="C’est noté").click()
    page.wait_for_url("**/personnel")
    # The browser kept nothing, and asks before it sends a form again.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    expect(page.locator("body")).not_to_contain_text(password)


def test_a_browser_that_keeps_the_page_as_it_was_left_keeps_no_password(issued):
    page, password = issued
    assert password in page.content()
    page.evaluate(BACK)
    assert password not in page.content()
