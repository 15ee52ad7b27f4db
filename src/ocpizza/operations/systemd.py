"""What systemd knows of units, and what it is told about them."""

from pathlib import Path

from ocpizza.operations.privileges import run

RUNNING = Path("/run/systemd/system")
ENABLED_TIMERS = Path("/etc/systemd/system/timers.target.wants")


class UnitError(RuntimeError):
    """systemctl failed; the message has the last line of what it said."""


def is_running() -> bool:
    """Whether systemd is what this machine was started with."""
    return RUNNING.is_dir()


def show(unit: str, *properties: str) -> dict[str, str]:
    """Return properties of a unit; where nobody answers, those are missing."""
    command = ["systemctl", "show", *(f"--property={name}" for name in properties), unit]
    said = run(command).stdout
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def enabled_instances(template: str) -> dict[str, str]:
    """Return the timers enabled of a template, such as `ocpizza-x@.timer`: instance → unit."""
    prefix, suffix = template.split("@")
    found = [path.name for path in sorted(ENABLED_TIMERS.glob(f"{prefix}@*{suffix}"))]
    return {name.removeprefix(f"{prefix}@").removesuffix(suffix): name for name in found}


def active_state(unit: str) -> str:
    """Return `active`, `inactive`, `failed` or what it is on its way to."""
    return show(unit, "ActiveState").get("ActiveState", "inactive")


def tell(verb: str, *units: str) -> None:
    """Have systemctl do something with units, and wait until it is done. Raises UnitError."""
    command = ["systemctl", verb, *units]
    result = run(command)
    if result.returncode:
        said = (result.stderr.strip().splitlines() or ["it failed"])[-1]
        names = " ".join(unit.removesuffix(".service") for unit in units)
        raise UnitError(f"systemctl {verb} {names}: {said}")
