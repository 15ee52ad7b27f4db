"""The packages of this source, and droplets with them."""

import os
from itertools import chain
from pathlib import Path

import pytest

from distribution.build import Packages, built_packages
from distribution.install import DEMO, WITH_SERVERS, installed
from droplets import new_droplet

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """All that is in this folder boots or builds systems, which only root can."""
    ours = {item: None for item in items if FOLDER in item.path.parents}
    for item in ours:
        item.add_marker(pytest.mark.package)
        # The first to ask waits for base systems and packages to be made.
        item.add_marker(pytest.mark.timeout(2400))
        if "untouched" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("untouched"))  # in one droplet
        if os.geteuid() != 0:
            item.add_marker(pytest.mark.skip(reason="a whole system needs root"))
    items[:] = scattered([*ours], [item for item in items if item not in ours])


def scattered(long: list[pytest.Item], short: list[pytest.Item]) -> list[pytest.Item]:
    """One long test, a tenth of the short ones, then each other long one with some of them.

    Long ones wait for machines and packages, which the first has made: side by side they would
    leave processors idle. So would one that is begun last: a third of the short ones comes after.
    """
    first = [test for test in long if "packages" in test.fixturenames][:1]
    others = [test for test in long if test not in first]
    start = len(short) // 10
    apart = (len(short) * 2 // 3 - start) // max(len(others), 1)
    slices = (short[start + n * apart :][:apart] for n in range(len(others)))
    begun = [(test, *some) for test, some in zip(others, slices, strict=True)]
    rest = short[start + len(others) * apart :]
    return [*first, *short[:start], *chain.from_iterable(begun), *rest]


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
