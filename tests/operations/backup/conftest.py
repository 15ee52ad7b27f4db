"""A shop with an order, on either database."""

import subprocess

import pytest

from cli.conftest import write_ini  # noqa: F401  (a fixture)
from operations.backup.saved_shop import Shop


@pytest.fixture
def shop(committed_database, settings, tmp_path) -> Shop:
    shop = Shop(committed_database, settings, tmp_path / "ocpizza.ini")
    shop.open()
    return shop


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> dict[str, bytes]:
    """Private keys of age by their public ones."""
    made = [subprocess.check_output(["age-keygen"], stderr=subprocess.DEVNULL) for _ in range(2)]
    return {key.split(b"public key: ")[1].split()[0].decode(): key for key in made}


@pytest.fixture
def encrypting(shop, keys) -> Shop:
    """The shop, whose archives are encrypted and copied."""
    shop.settings |= {"backup.recipient": next(iter(keys)), "backup.copy": "/bin/true"}
    return shop
