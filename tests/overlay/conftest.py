"""A release in a folder, and the chain's website with it over the package."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from databases import MIGRATIONS
from ocpizza.db import read_only
from ocpizza.outage import Outage
from ocpizza.overlay.build import build
from ocpizza.settings import load_settings
from views.website import Chains, Website, backend

__all__ = ["backend"]


@pytest.fixture
def release(tmp_path) -> Path:
    """A release that is still empty."""
    folder = tmp_path / "overlay/releases/1"
    folder.mkdir(parents=True)
    (tmp_path / "overlay/current").symlink_to("releases/1")
    return folder


@pytest.fixture
def put(release) -> Callable[..., Path]:
    """Writes a component: its path in the release, and what is in it."""

    def write(name: str, content: str | bytes) -> Path:
        path = release / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def settings(tmp_path) -> dict:
    """Settings of an application that has the release over it, without a database yet."""
    ini = tmp_path / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = sqlite:///{tmp_path}/nothing.sqlite\nmigrations = {MIGRATIONS}\n"
        "[session]\nsecret_file = session.key\n[folders]\noverlay = overlay\n"
    )
    return load_settings(ini, environment={})


@pytest.fixture
def shop(settings, release, chains: Chains, backend: str) -> Iterator[Callable[..., Website]]:
    """Gives the chain's website with what is in the release by then."""
    chain = chains.on(backend)
    with chains.copy(chain) as engine:

        def serve(*, strict: bool = True) -> Website:
            served = build(settings, release, strict=strict)
            served.registry["engines"] = {"write": engine, "read": read_only(engine)}
            served.registry["outage"] = Outage()
            return Website(served, engine, chain, {})

        yield serve
