"""The packages of this source, and droplets with them."""

import os
from pathlib import Path

import pytest

from distribution.build import Packages, built_packages
from distribution.install import DEMO, WITH_SERVERS, installed
from droplets import new_droplet

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """All that is in this folder boots or builds systems, which only root can.

    It comes first: the longest tests, begun last, would leave a processor idle at the end.
    """
    items.sort(key=lambda item: FOLDER not in item.path.parents)
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.package)
            # The first to ask waits for base systems and packages to be made.
            item.add_marker(pytest.mark.timeout(2400))
            if "untouched" in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group("untouched"))  # in one droplet
            if os.geteuid() != 0:
                item.add_marker(pytest.mark.skip(reason="a whole system needs root"))


@pytest.fixture(scope="session")
def packages() -> Packages:
    """This version and the next, built for bookworm."""
    return built_packages("bookworm")


@pytest.fixture
def droplet():
    """A small Debian, as it comes."""
    with new_droplet() as droplet:
        yield droplet


@pytest.fixture
def site(packages):
    """A droplet whose shop answers, with nothing in it yet."""
    with new_droplet("bookworm", WITH_SERVERS, installed(packages)) as droplet:
        yield droplet


@pytest.fixture(scope="session")
def untouched(packages):
    """A droplet whose shop answers, which no test changes."""
    with new_droplet("bookworm", WITH_SERVERS, installed(packages)) as droplet:
        yield droplet


@pytest.fixture
def shop(packages):
    """A droplet whose shop is that of the demo."""
    with new_droplet("bookworm", WITH_SERVERS, installed(packages), DEMO) as droplet:
        yield droplet
