"""The machine that one hires, and who looks after it."""

from droplets import Droplet, Layer

COLLEAGUE = "colleague"
# What every hired Debian has beside the smallest one.
USUAL = ("sudo", "man-db", "openssh-server", "rsync")
MAY = f"""\
{COLLEAGUE} ALL=(ALL) NOPASSWD: ALL
Defaults env_keep += "PAGER"
"""
EDITOR = """\
#!/bin/sh
# What somebody writes between the two lines that systemd leaves for it.
[ -e /srv/typed ] || exit 0
sed -i -e '0,/^$/{/^$/r /srv/typed' -e '}' "$1"
"""
YES = """\
APT::Get::Assume-Yes "true";
quiet "2";
Dpkg::Use-Pty "false";
Binary::apt::DPkg::Progress-Fancy "false";
"""


def hire(droplet: Droplet) -> None:
    """A plain Debian with an ordinary user who may use sudo, and answers yes to apt."""
    droplet.apt("install", *USUAL)
    droplet.run("adduser", "--disabled-password", "--gecos", "", COLLEAGUE)
    droplet.write("/etc/sudoers.d/colleague", MAY, "440")
    droplet.write("/etc/apt/apt.conf.d/90yes", YES)
    droplet.write("/usr/local/bin/editor", EDITOR, "755")


HIRED = Layer("hired", hire, f"{USUAL} {MAY} {EDITOR} {YES}")
