"""Print the package's copyright file: ours, then a stanza for each distribution in the venv.

Usage: third_party.py VENV COPYRIGHT. Fails where a distribution or a bundled library has no known
licence, so that a new dependency cannot slip in without one.
"""

import re
import sys
import textwrap
from importlib.metadata import Distribution, distributions
from pathlib import Path

NOT_SHIPPED = {"ocpizza", "pip", "tzdata"}
LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying)[^/]*$", re.I)
COMMON = {  # texts that every Debian has, by a phrase of their beginning
    r"\s*Apache License\s+Version 2\.0": "Apache-2.0",
    r"\s*GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3": "LGPL-3",
}
MIT = Path("LICENSE").read_text().split("\n\n", 2)[2]


def files_of(distribution: Distribution) -> list[str]:
    """Its top-level files and folders, two levels deep in the shared namespace `zope`."""
    tops = set()
    for file in distribution.files or ():
        if file.parts[0] not in ("..", "zope"):
            tops.add(file.parts[0])
        elif file.parts[0] == "zope" and len(file.parts) > 2:
            tops.add("/".join(file.parts[:2]))
    return sorted(f"*/site-packages/{top}{'' if '.py' in top else '/*'}" for top in tops)


def licence_name(distribution: Distribution) -> str:
    """The SPDX expression, or what older metadata say."""
    metadata = distribution.metadata
    for field in ("License-Expression", "License"):
        if (name := metadata.get(field, "UNKNOWN")) != "UNKNOWN" and "Copyright" not in name:
            return name
    for classifier in metadata.get_all("Classifier", ()):
        if classifier.startswith("License :: OSI Approved :: "):
            return classifier.rsplit(" :: ", 1)[1]
    raise SystemExit(f"{metadata['Name']} names no licence in its metadata")


def licence_texts(distribution: Distribution) -> list[str]:
    """The licence files as they are; where it ships none, its author and the MIT text it names."""
    files = [file for file in distribution.files or () if LICENCE_FILE.search(str(file))]
    texts = [file.locate().read_text(encoding="utf-8").expandtabs() for file in files]
    if texts:
        return texts
    if licence_name(distribution) != "MIT":
        raise SystemExit(f"{distribution.metadata['Name']} ships no licence text")
    return [f"Copyright {distribution.metadata['Author']}\n\n{MIT}"]


def or_common(text: str) -> str:
    """The text, or where Debian keeps it."""
    for beginning, name in COMMON.items():
        if re.match(beginning, text):
            return f"See /usr/share/common-licenses/{name} for the full text."
    return text


def copyright_lines(texts: list[str], distribution: Distribution) -> list[str]:
    """The lines that claim copyright, else the author of the metadata."""
    claim = re.compile(r"^\W*((?:Portions )?(?:Copyright|\(c\)|©)\s.*\d{4}.*)$", re.I | re.M)
    claims = [line.strip() for text in texts for line in claim.findall(text)]
    author = distribution.metadata.get("Author") or distribution.metadata.get("Author-email")
    return list(dict.fromkeys(claims)) or [author or f"the authors of {distribution.name}"]


def field(name: str, lines: list[str]) -> str:
    return f"{name}:" + "".join(f"\n {line}" for line in lines)


def stanza(distribution: Distribution) -> str:
    """One « Files » paragraph of the machine-readable copyright format."""
    texts = licence_texts(distribution)
    name = re.sub(r"[^A-Za-z0-9.+()-]+", "-", licence_name(distribution)).strip("-")
    text = "\n\n".join(or_common(text.strip("\n")) for text in texts)
    body = [line.rstrip() or "." for line in textwrap.dedent(text).splitlines()]
    return "\n".join(
        (
            field("Files", files_of(distribution)),
            field("Copyright", copyright_lines(texts, distribution)),
            f"License: {distribution.metadata['Name']}-{name}\n " + "\n ".join(body),
        )
    )


def check_bundled_libraries(site: Path, known: str) -> None:
    """Each shared library that a wheel brings must be named in our own copyright file."""
    for library in site.glob("*.libs/*.so*"):
        name = re.sub(r"-[0-9a-f]{8}\.so.*", "", library.name)
        if f"/{library.parent.name}/{name}-*" not in known:
            raise SystemExit(f"debian/copyright does not name {library.parent.name}/{name}")


def main(venv: Path, ours: Path) -> None:
    (site,) = venv.glob("lib/python3*/site-packages")
    text = ours.read_text()
    check_bundled_libraries(site, text)
    vendored = {str(path.parent) for path in site.rglob("_vendor/*.dist-info")}
    found = distributions(path=[str(site), *sorted(vendored)])
    shipped = {item.name: item for item in found if item.name not in NOT_SHIPPED}
    stanzas = (stanza(shipped[name]) for name in sorted(shipped, key=str.lower))
    sys.stdout.write("\n\n".join((text.strip(), *stanzas)) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
