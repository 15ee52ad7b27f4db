"""The few SVG elements the drawings are made of, as short strings."""

# Half a unit of a picture's four hundred is nothing to see, and a fifth of what is sent.
LARGE = 100


def num(value: float) -> str:
    """Return a coordinate with at most one decimal, none where it is large, nor a useless zero."""
    text = f"{value:.{0 if abs(value) >= LARGE else 1}f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(d: str, fill: str, more: str = "") -> str:
    """Return a filled outline; `more` holds further attributes."""
    return f'<path d="{d}" fill="{fill}"{_attributes(more)}/>'


def line(d: str, stroke: str, width: float, more: str = "") -> str:
    """Return an open stroke."""
    size = num(width)
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{size}"{_attributes(more)}/>'


def disc(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    """Return a filled circle."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}"{_attributes(more)}/>'


def ring(r: float, stroke: str, width: float, more: str = "") -> str:
    """Return an empty circle round the origin."""
    return disc(0, 0, r, "none", f'stroke="{stroke}" stroke-width="{num(width)}" {more}'.rstrip())


def oval(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    """Return a filled ellipse."""
    place = f'cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}"'
    return f'<ellipse {place} fill="{fill}"{_attributes(more)}/>'


def box(x: float, y: float, w: float, h: float, fill: str, corner: float = 0) -> str:
    """Return a rectangle, its corners rounded by `corner`."""
    place = f'x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"'
    return f'<rect {place} rx="{num(corner)}" fill="{fill}"/>'


def edged(stroke: str, width: float) -> str:
    """Return the attributes that outline a shape."""
    return f'stroke="{stroke}" stroke-width="{num(width)}"'


def document(body: str) -> str:
    """Return the whole SVG file round its content."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" '
        f'stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
    )


def _attributes(more: str) -> str:
    return f" {more}" if more else ""
