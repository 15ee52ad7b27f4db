"""Clusters of Debian's kind in a folder of their own, and the shop that is in one."""

import os
from collections.abc import Iterator

import pytest

from ocpizza.db import make_engine
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous.switch import enable
from operations.continuous.live import Kept, Live, kept_shop


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    """Of the settings that are changed for the live cluster's."""
    return request.param


@pytest.fixture(scope="session")
def cluster() -> Iterator[Live]:
    """One for all tests, whose shop has sold something."""
    if os.geteuid() != 0:
        pytest.skip("only root becomes postgres")
    live = Live()
    try:
        live.make()
        yield live
    finally:
        live.remove()


@pytest.fixture
def live(cluster, monkeypatch) -> Live:
    cluster.use(monkeypatch)
    return cluster


@pytest.fixture
def shop(live, settings, tmp_path) -> Iterator[Kept]:
    engine = make_engine(live.url, 2)
    shop = kept_shop(live, settings, engine, tmp_path / "ocpizza.ini")
    if not shop.rows()["restaurant"]:
        shop.open()
    yield shop
    engine.dispose()


@pytest.fixture
def kept(shop) -> Kept:
    """All that the shop commits is kept."""
    if not shop.repository.mark.exists():
        enable(shop.settings, Stages())
    return shop
