"""Whole Debian systems, "droplets", with systemd as PID 1, booted in half a second for a test.

    with new_droplet("bookworm", WITH_NGINX) as droplet:
        droplet.apt("install", "ocpizza")
        droplet.run("systemctl", "stop", "ocpizza")
        assert droplet.http("/").status == 503

`new_droplet(release, *layers)` gives a `Droplet`, which is a context manager. `Layer(name,
prepare, key)` is work on a droplet that is done once and kept. On a droplet, from the host:

- commands: `run`, `output`, `shell`, `spawn`, `apt`; CommandFailed carries what they printed
- files: `read`, `write`, `copy_in`, `copy_out`
- the web site: `http`, `site` (for WebTest); `network.command(...)` for any program of the host
  inside the network namespace, `network.connect(port)` for a socket, `network.join(...)` for a
  cable to another droplet
- power: `reboot`, `power_off`, `machine.kill`
- `wait_until(condition, seconds, what)` instead of sleeping

Needs root, and mmdebstrap, systemd-container, slirp4netns, iproute2 on the host. What it makes
is under $XDG_CACHE_HOME/ocpizza-tests (/var/cache/ocpizza-tests).
"""

from droplets.commands import CommandFailed
from droplets.droplet import Droplet
from droplets.layers import Layer, new_droplet
from droplets.machine import BootFailed
from droplets.waiting import wait_until

__all__ = ["BootFailed", "CommandFailed", "Droplet", "Layer", "new_droplet", "wait_until"]
