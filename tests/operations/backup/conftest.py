"""A shop with an order, on either database."""

import pytest

from operations.backup.saved_shop import Shop


@pytest.fixture
def shop(committed_database, settings, tmp_path) -> Shop:
    shop = Shop(committed_database, settings, tmp_path / "ocpizza.ini")
    shop.open()
    return shop
