"""A droplet: a whole Debian with systemd as PID 1, in a network of its own."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from droplets.archives import INSIDE, keep_archives, lend_archives
from droplets.cgroups import Cgroup
from droplets.commands import Commands
from droplets.debian import reach_pypi
from droplets.furnish import furnish
from droplets.machine import Machine
from droplets.network import Network
from droplets.overlay import Overlay, unmount_below
from droplets.running import running_folder
from droplets.waiting import wait_until
from droplets.web import Answer, application, ask

# What a boot leaves that the next droplet must not begin with.
TRACES = ("var/log/journal", "var/tmp", str(INSIDE))


class Droplet(Commands):
    """A Debian `release` made of `lowers`, topmost first; they stay as they are.

    A context manager: entering boots it (BootFailed names the units that failed), leaving
    removes every trace of it.
    """

    def __init__(self, release: str, lowers: list[Path]) -> None:
        self.release, self._lowers = release, lowers

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            folder = stack.enter_context(running_folder())
            self._overlay = self._show(folder)
            self.network = Network(folder.name)
            stack.callback(self.network.remove)
            self.network.make()
            cgroup = Cgroup(folder.name)
            cgroup.make()
            log = folder / "console.log"
            self.machine = Machine(folder.name, self._overlay.root, self.network, cgroup, log)
            stack.callback(self._keep_archives)
            stack.callback(self.machine.kill)
            self.machine.boot()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def reboot(self) -> None:
        """Shut down in good order, boot again and wait until every unit is up."""
        self.machine.reboot()

    def power_off(self) -> None:
        """Shut down in good order."""
        self.machine.power_off()

    def http(self, path: str = "/", **options) -> Answer:
        """Ask port 80; for the options see `web.ask`."""
        return ask(self.network, path, **options)

    def site(self, host: str = "localhost") -> Callable[..., list[bytes]]:
        """Port 80 as a WSGI application, for WebTest's browsers with cookies and forms."""
        return application(self.network, host)

    def wait_for_port(self, port: int, seconds: float = 20) -> None:
        """Wait until somebody listens on the loopback."""

        def listens() -> bool:
            try:
                self.network.connect(port).close()
            except ConnectionRefusedError:
                return False
            return True

        wait_until(listens, seconds, f"a listener on port {port}")

    def reload_nginx(self) -> None:
        """Have nginx read its files again; who asks from now on is answered by what they say."""

        def accepting() -> set[str]:
            return set(self.output("pgrep", "--full", r"^nginx: worker process\s*$").split())

        before = accepting()
        self.run("systemctl", "reload", "nginx")
        wait_until(lambda: not before & accepting(), 60, "the old workers to accept no more")

    def move_changes(self, tree: Path) -> None:
        """Make the empty folder `tree` a layer of what was changed; it must be powered off."""
        unmount_below(self._overlay.folder)
        self._keep_archives()
        for name in TRACES:
            shutil.rmtree(self._overlay.upper / name, ignore_errors=True)
        self._overlay.upper.rename(tree)

    def _show(self, folder: Path) -> Overlay:
        overlay = Overlay(folder, self._lowers)
        lend_archives(self.release, overlay.upper)
        furnish(overlay.upper)
        reach_pypi(overlay.upper)
        overlay.mount()
        return overlay

    def _keep_archives(self) -> None:
        keep_archives(self.release, self._overlay.upper)
