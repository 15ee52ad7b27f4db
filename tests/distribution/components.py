"""Components put over the program of an installed shop, as an administrator does."""

from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from droplets import Droplet

FOLDER = "/root/update"
# A page of one restaurant's.
HOURS = """
from pyramid.response import Response

def includeme(config):
    config.add_route("city_001_hours", "/city_001/hours")
    config.add_view(hours, route_name="city_001_hours", permission="shop")

def hours(request):
    return Response("always")
"""


def bring(
    droplet: Droplet, *options: str, **components: tuple[str, str | bytes]
) -> CompletedProcess[str]:
    """Update by a folder of root's: each component's address and content by its file's name."""
    lines: dict[bool, list[str]] = {True: [], False: []}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for stem, (address, content) in components.items():
            extension = address.rsplit(".", 1)[1]
            lines[extension in ("png", "jpg")].append(f"{stem}.{extension} = OC_PIZZA.{address}")
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{stem}.{extension}").write_bytes(data)
        text = ["# light_components", *lines[True], "# heavy_components", *lines[False], ""]
        (folder / "controller.ini").write_text("\n".join(text))
        droplet.run("rm", "-rf", FOLDER)
        droplet.copy_in(folder, FOLDER)
    return droplet.run("ocpizza", "update", FOLDER, *options, check=False)
