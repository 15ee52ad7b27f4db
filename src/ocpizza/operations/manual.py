"""Writes the manual pages ocpizza(1) and ocpizza.ini(5) from the commands and the settings table.

`python -m ocpizza.operations.manual FOLDER` writes both files into FOLDER.
"""

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from ocpizza import __version__
from ocpizza.cli import DEFAULT_CONFIG, main
from ocpizza.settings import SETTINGS, Setting

FORMAT = r"""The file holds sections and \fIname\fR = \fIvalue\fR lines; one that starts with # is a
comment. A relative path starts from the folder of its file, written \fB%(here)s\fR in it; a
percent sign is written twice.
.PP
\fB[include]\fR \fIfile\fR names a second settings file, for whatever the first one does not say.
An environment variable wins over both: it is given with each setting.
An unknown setting or a wrong value is an error, and nothing starts with it."""

FILES = f""".TP
.I {DEFAULT_CONFIG}
The settings of this host; it includes the next one.
.TP
.I /usr/share/ocpizza/ocpizza.ini
The settings that come with the Debian package."""


def escape(text: str) -> str:
    """Plain text as roff: nothing in it is a request, quotes and hyphens stay as typed."""
    for character, name in (("\\", "\\e"), ("-", "\\-"), ("`", "\\(ga"), ("'", "\\(aq")):
        text = text.replace(character, name)
    return re.sub(r"^\.", r"\\&.", text, flags=re.M)


def page(name: str, section: int, summary: str, parts: list[tuple[str, str]]) -> str:
    """One manual page; `parts` are headings with their roff."""
    title = f'.TH {name.upper()} {section} "" "ocpizza {__version__}" "OC Pizza"\n.nh\n.ad l'
    described = [("NAME", f"{name} \\- {escape(summary)}"), *parts]
    return "\n".join([title, *(f".SH {heading}\n{body}" for heading, body in described)]) + "\n"


def command_page() -> str:
    """ocpizza(1)."""
    context = click.Context(main, info_name="ocpizza")
    commands = "\n".join(command_parts(main, context))
    parts = [
        ("SYNOPSIS", f".B ocpizza\n{escape(' '.join(main.collect_usage_pieces(context)))}"),
        ("DESCRIPTION", paragraphs(main.help or "")),
        ("OPTIONS", options(main, context)),
        ("COMMANDS", commands),
        ("EXIT STATUS", "0 when it is done; another one after one line that says what is wrong."),
        ("FILES", FILES),
        ("SEE ALSO", ".BR ocpizza.ini (5),\n.BR systemctl (1)"),
    ]
    return page("ocpizza", 1, (main.help or "").strip().rstrip("."), parts)


def command_parts(group: click.Group, context: click.Context) -> Iterator[str]:
    """Each command of a group, and those within it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, context, info_name=name)
        yield command_part(command, inner)
        if isinstance(command, click.Group):
            yield from command_parts(command, inner)


def command_part(command: click.Command, context: click.Context) -> str:
    """One command: usage, what it does, its options."""
    usage = escape(" ".join(command.collect_usage_pieces(context)))
    name = escape(context.command_path)
    heading = f".SS {name.removeprefix('ocpizza ')}\n.B {name}"
    described = [f"{heading}\n{usage}\n.PP", paragraphs(command.help or "")]
    return "\n".join(filter(None, [*described, options(command, context)]))


def paragraphs(text: str) -> str:
    """A docstring as roff paragraphs; \\b, click's mark of text kept as it is, is left out."""
    blocks = text.replace("\b\n", "").strip().split("\n\n")
    return "\n.PP\n".join(escape(" ".join(block.split())) for block in blocks)


def options(command: click.Command, context: click.Context) -> str:
    """The options of one command, `--help` aside, as tagged paragraphs."""
    declared = [item for item in command.get_params(context) if isinstance(item, click.Option)]
    records = [option.get_help_record(context) for option in declared]
    described = [record for record in records if record and not record[0].startswith("--help")]
    return "\n".join(f".TP\n.B {escape(name)}\n{escape(text)}" for name, text in described)


def settings_page() -> str:
    """ocpizza.ini(5)."""
    sections = groupby(SETTINGS, key=lambda setting: setting.name.split(".")[0])
    settings = "\n".join(line for name, group in sections for line in section_lines(name, group))
    parts = [
        ("SYNOPSIS", f".I {DEFAULT_CONFIG}"),
        ("DESCRIPTION", FORMAT),
        ("SETTINGS", settings),
        ("FILES", FILES),
        ("SEE ALSO", ".BR ocpizza (1)"),
    ]
    return page("ocpizza.ini", 5, "settings of the OC Pizza shop", parts)


def section_lines(name: str, settings: Iterator[Setting]) -> Iterator[str]:
    """One section of the file: each setting with its meaning, default and variable."""
    yield f".SS [{escape(name)}]"
    for setting in settings:
        default = {None: "It must be set.", "": "Empty by default."}.get(
            setting.default, f"Default: {setting.default}."
        )
        yield f".TP\n.B {escape(setting.name.split('.', 1)[1])}"
        yield f"{escape(setting.meaning)}.\n{escape(default)}\nVariable: {setting.variable}."


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "ocpizza.1").write_text(command_page(), encoding="utf-8")
    (folder / "ocpizza.ini.5").write_text(settings_page(), encoding="utf-8")
