"""What desserts are served on."""

from ocpizza.pictures.svg import edged, line, oval


def plate() -> str:
    """Return a plate in perspective, its shadow under it."""
    return (
        oval(200, 301, 182, 62, "#2a1206", 'opacity=".1"')
        + oval(200, 297, 180, 62, "#2a1206", 'opacity=".14"')
        + oval(200, 292, 180, 62, "#fbf6ec", edged("#d5c8b2", 4))
        + oval(200, 288, 132, 40, "#efe6d5")
        + oval(200, 291, 128, 37, "#f8f1e4")
        + line("M44 276C60 252 104 238 140 234", "#fff", 5)
    )
