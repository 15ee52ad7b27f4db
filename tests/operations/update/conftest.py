"""A shop that is updated, on either database."""

import pytest

from operations.update.updated_shop import Updated


@pytest.fixture
def shop(committed_database, settings, tmp_path) -> Updated:
    (tmp_path / "updates").mkdir()
    shop = Updated(committed_database, settings, tmp_path / "ocpizza.ini", tmp_path / "updates")
    shop.open()
    return shop
