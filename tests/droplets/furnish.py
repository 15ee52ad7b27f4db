"""The few files that make a bare Debian root a host of its own."""

from pathlib import Path

FILES = {
    "etc/hostname": "droplet\n",
    "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 droplet\n::1 localhost\n",
    "etc/machine-id": "",
    "etc/resolv.conf": "nameserver 10.0.2.3\n",  # slirp4netns
    # apt as an administrator calls it would throw away what the next droplet can use.
    "etc/apt/apt.conf.d/90keep": 'Binary::apt::APT::Keep-Downloaded-Packages "true";\n',
}
# They would hold apt's locks, or wait for a terminal.
MASKED = ("apt-daily.timer", "apt-daily-upgrade.timer", "console-getty.service")


def furnish(root: Path) -> None:
    """Write name, addresses and name server, and mask what would only disturb."""
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    units = root / "etc/systemd/system"
    units.mkdir(parents=True)
    for unit in MASKED:
        (units / unit).symlink_to("/dev/null")
