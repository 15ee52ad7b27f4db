"""Running the `ocpizza` command in the tests' own process."""

import os
from pathlib import Path

from click.testing import CliRunner, Result

from ocpizza.cli import main


def run(config: Path, *arguments: str, stdin: str | None = None, **environment: str) -> Result:
    """Run the command here; OCPIZZA_… variables of this machine do not count."""
    known = {name: None for name in os.environ if name.startswith("OCPIZZA_")}
    return CliRunner().invoke(
        main, ["--config", str(config), *arguments], input=stdin, env=known | environment
    )


def complaint(result: Result) -> str:
    """The one line of a refusal, after what was said before it."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    (line,) = result.stderr.strip().splitlines()
    return line
