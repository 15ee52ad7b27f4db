"""Downloaded .deb files, kept for the next droplet.

Each droplet has links of its own: apt locks its folder, so two droplets could not share one.
"""

import os
from pathlib import Path

from droplets.cache import CACHE

INSIDE = Path("var/cache/apt/archives")


def lend_archives(release: str, upper: Path) -> None:
    """Link what is kept for `release` into the upper folder of a droplet."""
    _link_new(_kept(release), upper / INSIDE)


def keep_archives(release: str, upper: Path) -> None:
    """Link what a droplet downloaded into the cache."""
    _link_new(upper / INSIDE, _kept(release))


def _kept(release: str) -> Path:
    return CACHE / "archives" / release


def _link_new(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for package in source.glob("*.deb"):
        try:
            os.link(package, target / package.name)
        except FileExistsError:
            continue
