"""What labels show instead of words."""

from ocpizza.pictures.livery import Livery
from ocpizza.pictures.svg import disc, edged, line, oval, path


def motif(livery: Livery) -> str:
    """Return the label's picture, some 100 units wide round the origin."""
    return _MOTIFS[livery.motif](livery)


def _wave(livery: Livery) -> str:
    band = path("M-75-10C-40-50-10 30 75-30V8C0 60-40-10-75 34Z", livery.sign)
    return band + line("M-75 50C-35 15 0 80 75 28", livery.sign, 6)


def _citrus(livery: Livery) -> str:
    wedges = "".join(
        path(
            "M0-5L-13-31C-5-37 5-37 13-31Z",
            "#fffbe8",
            f'opacity=".85" transform="rotate({turn})"',
        )
        for turn in range(0, 360, 45)
    )
    slice_ = disc(0, 0, 48, livery.sign) + disc(0, 0, 42, "#fff6d6") + disc(0, 0, 38, livery.sign)
    leaf = path("M30-40C40-66 66-66 74-62C70-44 54-30 30-40Z", "#3f8f34")
    return slice_ + wedges + leaf


def _peach(livery: Livery) -> str:
    return (
        path(
            "M0-34C30-56 60-26 52 6C46 38 20 50 0 46C-24 50-48 36-52 6C-58-28-28-54 0-34Z",
            livery.sign,
        )
        + path(
            "M0-34C-20-10-20 20 0 46C-24 50-48 36-52 6C-58-28-28-54 0-34Z",
            "#f2744a",
            'opacity=".75"',
        )
        + path("M2-38C8-62 36-66 52-58C44-40 22-30 2-38Z", "#4f9c37")
        + oval(24, -16, 8, 12, "#ffd9ae", 'transform="rotate(-30 24-16)"')
    )


def _peaks(livery: Livery) -> str:
    return path("M-58 30L-22-24L-4 2L16-36L60 30Z", livery.sign) + path(
        "M16-36L2-10L12-14L20-4L28-16Z", "#9fd0ee"
    )


def _bubbles(livery: Livery) -> str:
    spots = ((-26, 10, 13), (4, -16, 17), (28, 16, 10), (-6, 26, 7), (-32, -22, 7), (34, -20, 6))
    return "".join(disc(x, y, r, livery.sign, 'opacity=".9"') for x, y, r in spots)


def _hop(livery: Livery) -> str:
    scales = "".join(
        path(
            "M0-12C12-8 12 8 0 14C-12 8-12-8 0-12Z",
            livery.sign,
            f'transform="translate({x} {y})" {edged(livery.label, 1.5)}',
        )
        for x, y in ((0, 22), (-11, 8), (11, 8), (0, -4), (-11, -16), (11, -16), (0, -24))
    )
    return scales + path("M0-30C8-46 24-46 32-40C24-28 10-24 0-30Z", livery.sign)


def _grapes(livery: Livery) -> str:
    rows = ((-15, -12), (0, -12), (15, -12), (-8, 1), (8, 1), (0, 14))
    berries = "".join(disc(x, y, 8, livery.sign, edged(livery.label, 1)) for x, y in rows)
    return (
        path("M0-20C-18-40-28-24-26-18C-14-14-6-16 0-20Z", "#6f8f3c")
        + line("M0-18C2-28 6-30 12-32", "#7a5a2a", 3.5)
        + berries
    )


_MOTIFS = {
    "wave": _wave,
    "citrus": _citrus,
    "peach": _peach,
    "peaks": _peaks,
    "bubbles": _bubbles,
    "hop": _hop,
    "grapes": _grapes,
}
