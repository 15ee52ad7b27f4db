"""`make bench-install`, as root: from `apt install ocpizza` on a small Debian to the first page.

Beside it, in a droplet of its own, what apt needs for nginx, PostgreSQL and Python alone. Packages
come from a cache, so no line to the Internet is measured. Prints a table and writes
bench/installation.json.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from distribution.build import Packages, built_packages
from distribution.install import HOST, WITH_SERVERS, offer
from droplets import Droplet, new_droplet

RESULTS = Path(__file__).with_name("installation.json")
TIMES = 3


def install(droplet: Droplet) -> None:
    droplet.apt("install", "ocpizza")
    page = droplet.http("/", host=HOST)
    if page.status != 200:
        raise RuntimeError(f"the first page answers {page.status}")


def seconds(packages: Packages, act: Callable[[Droplet], object]) -> float:
    """How long `act` takes in a Debian of its own that knows the package."""
    with new_droplet() as droplet:
        offer(droplet, packages)
        begun = time.monotonic()
        act(droplet)
        return round(time.monotonic() - begun, 1)


def main() -> None:
    if os.geteuid() != 0:
        sys.exit("Only root can boot a system: sudo make bench-install")
    packages = built_packages("bookworm")
    seconds(packages, install)  # fills the cache
    servers = [seconds(packages, WITH_SERVERS.prepare) for _ in range(TIMES)]
    whole = [seconds(packages, install) for _ in range(TIMES)]
    results = {
        "at": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "servers_alone_seconds": servers,
        "ocpizza_with_servers_seconds": whole,
        "ratio": round(min(whole) / min(servers), 2),
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
