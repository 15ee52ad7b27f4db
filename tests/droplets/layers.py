"""What droplets are made of: a Debian base, its package lists of today, and layers on top."""

import datetime
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from droplets.cache import cached_tree, digest
from droplets.debian import debian_base
from droplets.droplet import Droplet

PACKAGES = "systemd,systemd-sysv,dbus,libpam-systemd,ca-certificates,iproute2,procps,curl"


@dataclass(frozen=True)
class Layer:
    """What `prepare` does to a running droplet, done once and kept.

    It is done again when `key`, the text of `prepare` or what is below it changes.
    """

    name: str
    prepare: Callable[[Droplet], object]
    key: str = ""


def new_droplet(release: str = "bookworm", *layers: Layer) -> Droplet:
    """A droplet, not yet booted: a small Debian with what `layers` did to it, in that order."""
    base = _base(release)
    lists = package_lists(release)
    below: list[Path] = []
    for layer in layers:
        made_of = digest(layer.key, inspect.getsource(layer.prepare), *_names([*below, base]))
        changes = _changes(release, [*below, lists, base], layer.prepare)
        below = [cached_tree(f"{layer.name}-{release}", made_of, changes), *below]
    return Droplet(release, [*below, lists, base])


def package_lists(release: str) -> Path:
    """The layer that `apt-get update` writes, at most a day old."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    base = _base(release)
    changes = _changes(release, [base], lambda droplet: droplet.apt("update"))
    return cached_tree(f"lists-{release}", digest(today, base.name), changes)


def _base(release: str) -> Path:
    return debian_base(release, PACKAGES)


def _names(trees: list[Path]) -> list[str]:
    return [tree.name for tree in trees]


def _changes(
    release: str, lowers: list[Path], prepare: Callable[[Droplet], object]
) -> Callable[[Path], None]:
    """What fills a folder with that which `prepare` changes in a droplet made of `lowers`."""

    def make(tree: Path) -> None:
        with Droplet(release, lowers) as droplet:
            prepare(droplet)
            droplet.power_off()
            droplet.move_changes(tree)

    return make
