"""The dough: a puffed, browned rim and the shadow under it."""

import math
from random import Random

from ocpizza.pictures.paths import blob, polar
from ocpizza.pictures.scatter import CENTRE
from ocpizza.pictures.svg import disc, line, num, oval, path

_GRADIENTS = (
    '<radialGradient id="{0}d" gradientUnits="userSpaceOnUse" cx="200" cy="200" r="188">'
    '<stop offset=".8" stop-color="#bf7630"/><stop offset=".87" stop-color="#ecb868"/>'
    '<stop offset=".91" stop-color="#f0c078"/><stop offset=".96" stop-color="#d08a3c"/>'
    '<stop offset="1" stop-color="#a35c20"/></radialGradient>'
    '<radialGradient id="{0}u"><stop offset=".86" stop-color="#2a1206" stop-opacity=".45"/>'
    '<stop offset=".95" stop-color="#2a1206" stop-opacity=".14"/>'
    '<stop offset="1" stop-color="#2a1206" stop-opacity="0"/></radialGradient>'
    '<radialGradient id="{0}e"><stop offset=".8" stop-color="#a04600" stop-opacity="0"/>'
    '<stop offset="1" stop-color="#a04600" stop-opacity=".34"/></radialGradient>'
)


def gradients(prefix: str) -> str:
    """Return the definitions `crust` needs, their ids starting with the prefix."""
    return _GRADIENTS.format(prefix)


def crust(rng: Random, prefix: str) -> str:
    """Return the baked dough, without anything on it."""
    dough = path(blob(rng, CENTRE, 184, 14, 0.008), f"url(#{prefix}d)")
    under = disc(200, 206, 194, f"url(#{prefix}u)")
    return under + dough + _browning(rng) + _glints(rng)


def rim_shade(prefix: str) -> str:
    """Return the shade the puffed rim throws on what it encloses."""
    return disc(200, 200, 157, f"url(#{prefix}e)")


def _browning(rng: Random) -> str:
    spots = []
    for step in range(13):
        angle = math.tau * (step + rng.uniform(-0.3, 0.3)) / 13
        x, y = polar(CENTRE, rng.uniform(169, 178), angle)
        turn = num(math.degrees(angle) + 90)
        place = f'transform="translate({num(x)} {num(y)})rotate({turn})" '
        shade = f'opacity="{num(rng.uniform(0.3, 0.65))}"'
        spots.append(oval(0, 0, rng.uniform(7, 17), rng.uniform(3, 6.5), "#8f4a18", place + shade))
    return "".join(spots)


def _glints(rng: Random) -> str:
    arcs = []
    for step in range(6):
        start = math.tau * (step + rng.uniform(0, 0.5)) / 6
        x, y = polar(CENTRE, 167, start)
        u, v = polar(CENTRE, 167, start + rng.uniform(0.2, 0.5))
        curve = f"M{num(x)} {num(y)}A167 167 0 0 1 {num(u)} {num(v)}"
        arcs.append(line(curve, "#ffe3ae", 5, 'opacity=".65"'))
    return "".join(arcs)
