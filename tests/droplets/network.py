"""A network of a droplet's own, and ways into it from the host."""

import contextlib
import ctypes
import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000


class Network:
    """A network namespace; its way out is slirp4netns, which refuses the host's loopback."""

    def __init__(self, name: str) -> None:
        self.name, self.path = name, NAMESPACES / name

    def make(self) -> None:
        """Make it and wait until it is configured."""
        _ip("netns", "add", self.name)
        ready, say_ready = os.pipe()
        # slirp4netns ends when the other end of this pipe is closed, also by our death.
        ended, self._alive = os.pipe()
        descriptors = ["--ready-fd", str(say_ready), "--exit-fd", str(ended)]
        options = ["--configure", "--mtu=65520", "--disable-host-loopback", "--netns-type=path"]
        self._slirp = subprocess.Popen(
            ["slirp4netns", *options, *descriptors, self.path, "tap0"],
            pass_fds=(say_ready, ended),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(say_ready)
        os.close(ended)
        is_ready = os.read(ready, 1)
        os.close(ready)
        if not is_ready:
            raise RuntimeError(f"slirp4netns ended with {self._slirp.wait()}")

    def remove(self) -> None:
        """Remove it, with slirp4netns."""
        if hasattr(self, "_slirp"):
            os.close(self._alive)
            self._slirp.wait(60)
            del self._slirp
        remove_namespace(self.name)

    def join(self, other: "Network", address: str, other_address: str) -> None:
        """Lay a cable between two networks; addresses as `10.1.0.1/24`."""
        cable, end = f"to-{other.name[-10:]}", f"to-{self.name[-10:]}"
        peer = ["peer", "name", end, "netns", other.name]
        _ip("link", "add", cable, "netns", self.name, "type", "veth", *peer)
        for network, link, own in ((self, cable, address), (other, end, other_address)):
            _ip("-n", network.name, "address", "add", own, "dev", link)
            _ip("-n", network.name, "link", "set", link, "up")

    def connect(self, port: int, address: str = "127.0.0.1") -> socket.socket:
        """A connection made inside the namespace, to be used from here."""
        # The namespace is a thread's own: this one ends with the connection made.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._connect, address, port).result()

    def command(self, *command: str) -> list[str]:
        """The command that runs `command` of the host inside the namespace."""
        return ["ip", "netns", "exec", self.name, *command]

    def _connect(self, address: str, port: int) -> socket.socket:
        with self.path.open() as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter {self.path}")
        return socket.create_connection((address, port), timeout=60)


def remove_namespace(name: str) -> None:
    """Remove a network namespace; nothing happens where there is none."""
    with contextlib.suppress(subprocess.CalledProcessError):
        _ip("netns", "delete", name)
    if (NAMESPACES / name).exists():
        raise RuntimeError(f"{NAMESPACES / name} cannot be removed")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
