"""Cans, bottles and glasses, seen from the front."""

from ocpizza.pictures.livery import Livery
from ocpizza.pictures.motifs import motif
from ocpizza.pictures.svg import box, disc, edged, line, oval, path

_CAN = (
    "M126 92C126 76 138 68 148 60H252C262 68 274 76 274 92V318C274 334 262 340 254 350"
    "H146C138 340 126 334 126 318Z"
)
_FLASK = (
    "M178 66H222V92C222 118 262 128 262 172V330C262 344 254 350 244 350H156C146 350 138 344 138 330"
    "V172C138 128 178 118 178 92Z"
)
_LONGNECK = (
    "M126 60H164V132C164 160 188 164 188 196V330C188 342 180 350 168 350H122C110 350 102 342 102"
    " 330V196C102 164 126 160 126 132Z"
)
_BORDEAUX = (
    "M128 44H164V136C164 152 194 154 194 186V332C194 344 186 350 174 350H118C106 350 98 344 98 332"
    "V186C98 154 128 152 128 136Z"
)


def ground(x: float, width: float) -> str:
    """Return the soft shadow something stands in."""
    return oval(x, 350, width, 12, "#2a1206", 'opacity=".16"') + oval(
        x, 350, width * 0.8, 8, "#2a1206", 'opacity=".22"'
    )


def can(livery: Livery) -> str:
    """Return a 33 cl can."""
    sign = f'<g transform="translate(200 208)">{motif(livery)}</g>'
    return (
        ground(200, 92)
        + path(_CAN, livery.label)
        + sign
        + path(
            "M126 92C126 76 138 68 148 60H160V350H146C138 340 126 334 126 318Z",
            "#fff",
            'opacity=".22"',
        )
        + path(
            "M252 60C262 68 274 76 274 92V318C274 334 262 340 254 350H238V60Z",
            "#000",
            'opacity=".2"',
        )
        + path("M146 350C138 340 130 338 128 328H272C270 338 262 340 254 350Z", "#c3c9ce")
        + path("M148 60C140 66 130 72 127 84H273C270 72 260 66 252 60Z", "#d4d9dd")
        + oval(200, 60, 53, 11, "#eef1f3", edged("#a8b0b7", 3))
        + oval(200, 61, 18, 4.5, "#a8b0b7")
        + line("M146 104V300", "#fff", 5, 'opacity=".5"')
    )


def flask(livery: Livery) -> str:
    """Return a plastic bottle."""
    sign = f'<g transform="translate(200 236)scale(.82)">{motif(livery)}</g>'
    return (
        ground(200, 82)
        + path(_FLASK, livery.glass)
        + path(
            "M186 108C180 128 148 136 148 174V328C148 336 152 340 158 340H242C248 340 252 336"
            " 252 328V174C252 136 220 128 214 108Z",
            livery.drink,
        )
        + box(138, 190, 124, 92, livery.label)
        + sign
        + box(172, 40, 56, 30, livery.label, 6)
        + line("M184 48V62M196 48V62M208 48V62M220 48V62", "#fff", 3, 'opacity=".45"')
        + path(
            "M240 134C254 142 262 154 262 172V330C262 344 254 350 244 350H238Z",
            "#000",
            'opacity=".13"',
        )
        + line("M154 170C156 150 172 138 182 128M154 296V326", "#fff", 7, 'opacity=".75"')
        + line("M150 198V274", "#fff", 5, 'opacity=".35"')
    )


def beer(livery: Livery) -> str:
    """Return a beer bottle and its glass."""
    sign = f'<g transform="translate(145 262)scale(.72)">{motif(livery)}</g>'
    return (
        ground(200, 126)
        + path(_LONGNECK, livery.glass)
        + path(
            "M146 60H164V132C164 160 188 164 188 196V330C188 342 180 350 168 350H160Z",
            "#000",
            'opacity=".16"',
        )
        + box(102, 214, 86, 96, livery.label)
        + sign
        + box(126, 86, 38, 34, livery.label)
        + box(121, 46, 48, 20, livery.sign, 5)
        + line("M114 200C114 176 134 170 136 140", "#fff", 5, 'opacity=".4"')
        + _mug(livery)
    )


def _mug(livery: Livery) -> str:
    bubbles = "".join(
        disc(x, y, 3.5, "#fff", 'opacity=".6"')
        for x, y in ((240, 250), (262, 286), (286, 244), (250, 318), (280, 312), (268, 222))
    )
    return (
        path(
            "M212 176H318L306 338C305 346 300 350 292 350H238C230 350 225 346 224 338Z",
            livery.drink,
            edged("#e6eef2", 5),
        )
        + path("M294 180H316L304 338C303 344 300 347 292 347H284Z", "#a35c00", 'opacity=".2"')
        + bubbles
        + line("M228 214L234 322", "#fff", 6, 'opacity=".55"')
        + path(
            "M206 186C196 160 214 146 230 152C236 134 264 132 272 146C288 134 306 144 306 156"
            "C326 152 332 176 322 188C310 200 300 190 292 196C282 206 268 194 258 198"
            "C250 214 240 196 230 198C220 204 208 198 206 186Z",
            "#fffaf0",
            edged("#efdfc0", 3),
        )
        + oval(240, 166, 12, 7, "#fff")
    )


def wine(livery: Livery) -> str:
    """Return a wine bottle and its glass."""
    sign = f'<g transform="translate(146 262)scale(.95)">{motif(livery)}</g>'
    return (
        ground(200, 126)
        + path(_BORDEAUX, livery.glass)
        + path(
            "M150 44H164V136C164 152 194 154 194 186V332C194 344 186 350 174 350H164Z",
            "#000",
            'opacity=".17"',
        )
        + box(98, 214, 96, 92, livery.label)
        + line("M106 222H186M106 298H186", livery.sign, 2.5)
        + sign
        + box(125, 38, 42, 70, livery.drink, 5)
        + line("M126 96H166", "#f0d48a", 4)
        + line("M110 200C110 172 136 168 137 140", "#fff", 5, 'opacity=".4"')
        + _stem_glass(livery)
    )


def _stem_glass(livery: Livery) -> str:
    bowl = "M224 150C212 220 232 252 268 254C304 252 324 220 312 150Z"
    return (
        path(bowl, "#eaf3f6", 'opacity=".55"')
        + path("M220 192C218 230 238 248 268 249C298 248 318 230 316 192Z", livery.drink)
        + oval(268, 192, 48, 9, livery.drink)
        + oval(268, 192, 48, 9, "#fff", 'opacity=".28"')
        + line(bowl, "#cfdde3", 4)
        + line("M268 256V340", "#cfdde3", 7)
        + oval(268, 344, 40, 8, "#dfe9ed", edged("#b9c8cf", 2.5))
        + line("M230 164C226 196 228 216 236 230", "#fff", 5, 'opacity=".7"')
    )
