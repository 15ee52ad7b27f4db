"""Droplets on which the package can be installed, or is."""

from distribution.build import INSIDE, Packages
from droplets import Droplet, Layer

HOST = "www.ocpizza.fr"
SOURCES = "/etc/apt/sources.list.d/ocpizza.sources"
INI = "/etc/ocpizza/ocpizza.ini"
SOCKET = "/run/ocpizza/gunicorn.sock"
SAID = "/srv/said"
DEPLOY_LOGS = "/var/log/ocpizza/deploy_logs"

# With the Python that every Debian but the smallest has.
WITH_SERVERS = Layer(
    "servers", lambda droplet: droplet.apt("install", "nginx", "postgresql", "python3")
)
WITH_NGINX = Layer("nginx", lambda droplet: droplet.apt("install", "nginx", "python3"))
DEMO = Layer("demo", lambda droplet: droplet.run("ocpizza", "demo-data"))


def offer(droplet: Droplet, packages: Packages, repository: str = "current") -> None:
    """Let apt know the signed repository called `current` or `next`, as its output says to."""
    folder = packages.tree / repository
    droplet.run("rm", "-rf", INSIDE)
    droplet.copy_in(folder, INSIDE)
    droplet.copy_in(folder / "ocpizza.asc", "/etc/apt/keyrings/ocpizza.asc")
    droplet.copy_in(folder / f"{droplet.release}.sources", SOURCES)
    only_this = (f"Dir::Etc::SourceList={SOURCES}", "Dir::Etc::SourceParts=-")
    kept = (*only_this, "APT::Get::List-Cleanup=0")
    droplet.apt("update", *(f"--option={option}" for option in kept))


def installed(packages: Packages) -> Layer:
    """The layer of a finished `apt install ocpizza`, on top of `WITH_SERVERS`."""

    def prepare(droplet: Droplet) -> None:
        offer(droplet, packages)
        droplet.apt("install", "ocpizza")

    return Layer("ocpizza", prepare, packages.tree.name)


def waiting(packages: Packages) -> Layer:
    """The layer of an installation that found PostgreSQL stopped; what apt said is in `SAID`."""

    def prepare(droplet: Droplet) -> None:
        offer(droplet, packages)
        droplet.run("systemctl", "stop", "postgresql@*")
        droplet.write(SAID, droplet.apt("install", "ocpizza").stdout)

    return Layer("waiting", prepare, packages.tree.name)


def lonely(packages: Packages) -> Layer:
    """The same on `WITH_NGINX`, where there is no PostgreSQL."""

    def prepare(droplet: Droplet) -> None:
        offer(droplet, packages)
        droplet.write(SAID, droplet.apt("install", "--no-install-recommends", "ocpizza").stdout)

    return Layer("lonely", prepare, packages.tree.name)


def psql(droplet: Droplet, sql: str, database: str = "ocpizza") -> str:
    """What a statement gives, as PostgreSQL's administrator: values only, `|` between them."""
    command = ("runuser", "-u", "postgres", "--", "psql", "-XAtq", "-d", database)
    return droplet.output(*command, "-v", "ON_ERROR_STOP=1", input=sql)


def version_of(droplet: Droplet) -> str:
    """The version that dpkg knows as installed; empty where it is not."""
    asked = droplet.run(
        "dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", "ocpizza", check=False
    )
    state, _, version = asked.stdout.partition(" ")
    return version if state == "ii" else ""


def keeps_pages(droplet: Droplet) -> bool:
    """Whether nginx has given a page that it kept: of two visitors within a second, the second."""
    for _ in range(2):
        droplet.http("/", host=HOST)
    return "kept=HIT" in droplet.read("/var/log/nginx/ocpizza.access.log")
