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
# A notice has to go along, too (Apache-2.0, 4d).
LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice)[^/]*$", re.I)
COMMON = {  # texts that every Debian has, by a phrase of their beginning
    r"\s*Apache License\s+Version 2\.0": "Apache-2.0",
    r"\s*GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3": "LGPL-3",
}
WITHIN = re.compile(
    r"^ *Apache License\s+Version 2\.0,.*?limitations under the License\.", re.S | re.M
)
MIT = Path("LICENSE").read_text().split("\n\n", 2)[2]


def files_of(distribution: Distribution, site: Path) -> list[str]:
    """Patterns of its top-level files and folders; in a shared namespace, of those inside."""
    files = [file for file in distribution.files or () if file.parts[0] != ".."]
    packages = {file.parts[0] for file in files if file.parts[1:] == ("__init__.py",)}
    place = Path(distribution.locate_file("")).relative_to(site)
    patterns = set()
    for file in files:
        shared = len(file.parts) > 2 and file.parts[0] not in packages and "." not in file.parts[0]
        top = Path(*file.parts[: 2 if shared else 1])
        patterns.add(f"*/{site.name / place / top}{'' if top == Path(file) else '/*'}")
    return sorted(patterns)


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


def common(text: str) -> str | None:
    """The name under which Debian keeps this licence, None where it does not."""
    return next((name for start, name in COMMON.items() if re.match(start, text)), None)


def or_common(text: str) -> str:
    """The text, or where Debian keeps it."""
    see = "See /usr/share/common-licenses/{} for the full text."
    name = common(text)
    return see.format(name) if name else WITHIN.sub(see.format("Apache-2.0"), text)


def copyright_lines(texts: list[str], distribution: Distribution) -> list[str]:
    """The lines that claim copyright, else the author: a common licence claims its own text."""
    claim = re.compile(
        r"^\W*((?:Portions )?(?:Copyright|\(c\)|©)\s[^<\[\n]*\d{4}[^<\[\n]*)", re.I | re.M
    )
    own = [text for text in texts if not common(text)]
    claims = [line.strip(" ,") for text in own for line in claim.findall(text)]
    author = distribution.metadata.get("Author") or distribution.metadata.get("Author-email")
    named = [line for line in claims if re.search(r"[a-z]{3}", re.sub("(?i)copyright", "", line))]
    return list(dict.fromkeys(named)) or [author or f"the authors of {distribution.name}"]


def field(name: str, lines: list[str]) -> str:
    return f"{name}:" + "".join(f"\n {line}" for line in lines)


def stanza(distribution: Distribution, site: Path) -> str:
    """One « Files » paragraph of the machine-readable copyright format."""
    texts = licence_texts(distribution)
    name = re.sub(r"[^A-Za-z0-9.+()-]+", "-", licence_name(distribution)).strip("-")
    text = "\n\n".join(or_common(text.strip("\n")) for text in texts)
    body = [line.rstrip() or "." for line in textwrap.dedent(text).splitlines()]
    return "\n".join(
        (
            field("Files", files_of(distribution, site)),
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
    shipped = [item for item in found if item.name not in NOT_SHIPPED]
    shipped.sort(key=lambda item: (item.name.lower(), item.version))
    stanzas = (stanza(item, site) for item in shipped)
    sys.stdout.write("\n\n".join((text.strip(), *stanzas)) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
