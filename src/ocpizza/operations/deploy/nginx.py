"""Step 6: the site in nginx, beside whatever else nginx serves."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from ocpizza.operations.deploy.host import LATER, Event, Failed, Host
from ocpizza.operations.probe import Site

SITE = "ocpizza"
LINKED, DEFAULT_DISABLED = "nginx-site-linked", "nginx-default-disabled"
DEBIANS = "/etc/nginx/sites-available/default"
TRUSTED = "# Written by `ocpizza deploy` from [proxy] trusted in ocpizza.ini: change it there.\n"
# What each server block of the site has of the package. An older one, which one may go back to,
# has no such file: nginx does not miss what is written as a pattern.
SHIPPED, LOGS = "/usr/share/ocpizza/nginx/", "    include /usr/share/ocpizza/nginx/logs.con[f];"
COMMENT = re.compile(r"#.*")
IPV6 = Path("/proc/net/if_inet6")
LISTENS_ON_IPV6 = re.compile(r"^(\s*)(listen\s+\[)", re.M)
SERVER_BLOCK = re.compile(r"^\s*server\s*\{", re.M)
HOLDER = re.compile(r'"([^"]+)",pid=(\d+)')


def site_present(host: Host) -> None:
    """The site's file, which the administrator and certbot may edit."""
    if not _available(host).is_file():
        raise Failed(
            f"{_available(host)} is missing: apt install --reinstall "
            "-o Dpkg::Options::=--force-confmiss ocpizza"
        )


def port_free(host: Host) -> None:
    """No other program holds the port that the site is to be served on."""
    site = Site.of(_available(host))
    port = site.port or site.tls_port
    holders = set(HOLDER.findall(host.run("ss", "-Hltnp", f"sport = :{port}")))
    if holders and "nginx" not in {name for name, _ in holders}:
        named = ", ".join(f"{name} (process {pid})" for name, pid in sorted(holders))
        raise Failed(
            f"port {port} is held by {named}: stop it or give it another port, then: ocpizza deploy"
        )


def default_site(host: Host) -> str | None:
    """Debian's welcome page makes room, if it is all that there is and as Debian made it."""
    default = host.nginx / "sites-enabled" / "default"
    if host.remembers(DEFAULT_DISABLED) or not default.exists():
        return None
    if _others(host) != {"default"} or not _untouched(host, default):
        return "other sites are served here: ours answers to its server_name only"
    default.unlink()
    host.remember(DEFAULT_DISABLED)
    return "Debian's untouched default site was all there was: disabled"


def without_ipv6(host: Host) -> str | None:
    """A kernel without IPv6 would have nginx start with none of its sites."""
    site = _available(host)
    text = site.read_text(errors="surrogateescape")
    if IPV6.exists() or not LISTENS_ON_IPV6.search(text):
        return None
    without = LISTENS_ON_IPV6.sub(r"\1# no IPv6 here: \2", text)
    _rewrite(site, without)
    return "the kernel has no IPv6: the site listens on IPv4 alone"


def site_linked(host: Host) -> str | None:
    """The site is enabled once; whoever disabled it since meant it.

    Where nginx would not start with it, others keep theirs: what enabling changed is undone.
    """
    if not host.remembers(LINKED):
        enabled(host).parent.mkdir(exist_ok=True)
        if not os.path.lexists(enabled(host)):
            enabled(host).symlink_to(_available(host))
            _check_or_undo(host)
        host.remember(LINKED)
    return (
        None if enabled(host).exists() else f"{enabled(host)} was removed: the site stays disabled"
    )


def keys_unlogged(host: Host) -> str | None:
    """certbot's server block that only leads to HTTPS writes the site's log, not nginx's own.

    The address of an order's page is a key, and nginx's own log would have it whole.
    """
    site = _available(host)
    lines = site.read_text(errors="surrogateescape").splitlines()
    missing = [start for start, end in _server_blocks(lines) if not _ships(lines[start:end])]
    for start in reversed(missing):
        lines.insert(start + 1, LOGS)
    if not missing:
        return None
    _rewrite(site, "\n".join(lines) + "\n")
    return "the block that leads to HTTPS writes the site's log: addresses that are keys stay out"


def proxies_trusted(host: Host) -> str | None:
    """Whose word nginx takes for a visitor's address: the networks of proxy.trusted."""
    networks = list(map(str, host.settings["proxy.trusted"]))
    if not networks:
        trusted(host).unlink(missing_ok=True)
        return None
    trusted(host).write_text(TRUSTED + "".join(f"set_real_ip_from {one};\n" for one in networks))
    return f"proxies of {', '.join(networks)} are believed"


def configuration_right(host: Host) -> None:
    """nginx's own check, of all its sites."""
    _check(host)


def nginx_serves(host: Host) -> str | None:
    """nginx, running with this configuration."""
    if not host.runs_systemd:
        return LATER
    if host.attempt("systemctl", "is-active", "--quiet", "nginx").returncode == 0:
        host.run("systemctl", "reload", "nginx")
        return None
    # Its own restarts may have been too many, while the mistake was there.
    host.attempt("systemctl", "reset-failed", "nginx")
    host.run("systemctl", "start", "nginx")
    return None


def _rewrite(file: Path, text: str) -> None:
    """All of it or, on a full disk, nothing: what is in it is the administrator's and certbot's."""
    # Where it is a link, what it leads to.
    file = file.resolve()
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, errors="surrogateescape")
        shutil.copymode(file, beside)
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _check(host: Host) -> None:
    host.run("nginx", "-t", "-c", str(host.nginx / "nginx.conf"))


def _check_or_undo(host: Host) -> None:
    try:
        _check(host)
    except Failed as failure:
        enabled(host).unlink()
        default_site_restored(host)
        # Where nginx starts no better without it, the mistake is somebody else's.
        _check(host)
        raise Failed(
            "nginx would not start with the site, which is disabled again; mend it, then: "
            "ocpizza deploy",
            *failure.args,
        ) from failure


def default_site_restored(host: Host) -> None:
    """Debian's welcome page is back where a deployment took it away."""
    default = host.nginx / "sites-enabled" / "default"
    original = host.nginx / "sites-available" / "default"
    if host.remembers(DEFAULT_DISABLED) and original.exists() and not os.path.lexists(default):
        default.symlink_to(original)
    host.forget(DEFAULT_DISABLED)


def _server_blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where the server blocks of a file begin and end that open on a line of their own."""
    start, depth = None, 0
    for number, line in enumerate(COMMENT.sub("", line) for line in lines):
        if depth == 0 and re.fullmatch(r"\s*server\s*\{\s*", line):
            start = number
        depth += line.count("{") - line.count("}")
        if start is not None and depth == 0:
            yield start, number + 1
            start = None


def _ships(block: list[str]) -> bool:
    return any(SHIPPED in COMMENT.sub("", line) for line in block)


def enabled(host: Host) -> Path:
    """The link that enables the site."""
    return host.nginx / "sites-enabled" / SITE


def trusted(host: Host) -> Path:
    """What the server block includes, where there is anything to say."""
    return host.nginx / "ocpizza-trusted.conf"


def _available(host: Host) -> Path:
    return host.nginx / "sites-available" / SITE


def _others(host: Host) -> set[str]:
    """What nginx serves beside us."""
    sites = {path.name for path in (host.nginx / "sites-enabled").iterdir()} - {SITE}
    more = {
        path.name
        for path in (host.nginx / "conf.d").glob("*.conf")
        if SERVER_BLOCK.search(path.read_text(errors="replace"))
    }
    return sites | more


def _untouched(host: Host, site: Path) -> bool:
    """Whether a file is the one that Debian's package brought."""
    conffiles = host.run("dpkg-query", "-W", "-f", "${Conffiles}", "nginx-common")
    md5 = hashlib.md5(site.read_bytes(), usedforsecurity=False).hexdigest()
    original = host.nginx / "sites-available" / site.name
    return site.resolve() == original.resolve() and f"{DEBIANS} {md5}" in conffiles


EVENTS: tuple[Event, ...] = (
    site_present,
    port_free,
    default_site,
    keys_unlogged,
    proxies_trusted,
    without_ipv6,
    site_linked,
    configuration_right,
    nginx_serves,
)
