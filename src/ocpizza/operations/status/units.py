"""Rows about what systemd runs: the site, what runs beside it, its watchdog and its timers."""

import time

from ocpizza.operations import systemd
from ocpizza.operations.continuous.looks import is_enabled
from ocpizza.operations.deploy.gunicorn import CONTINUOUS, TEMPLATES, TIMERS
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.operations.status.streams import streams
from ocpizza.operations.watchdog import TIMER as WATCHDOG
from ocpizza.settings import Settings

WITHOUT_SYSTEMD = "systemd is not running"
START_WITH_IT = "start this machine with it, or see /usr/share/ocpizza/supervisor"
UNKNOWN = "systemd says nothing of it"
ASK_AGAIN = "sudo apt install dbus; sudo systemctl daemon-reload"
RUNS = ("active", "reloading")
ASKED = (
    *("ActiveState", "SubState", "Result"),
    *("Restart", "NRestarts", "ActiveEnterTimestampMonotonic"),
)
START = "sudo systemctl start ocpizza"
# A site that crashes now and then is started anew each time, for ever: who would know?
CRASHES, LATELY = 3, 6 * 3600
DRILL = "ocpizza-restore-drill.timer"
# What was reloaded or upgraded a moment ago is not amiss yet.
STARTS_WITHIN, LOOKS_EVERY = 10.0, 0.25


def service(_settings: Settings) -> Row:
    """gunicorn's unit, and whether it had to be started anew again and again."""
    return _unit("service", "ocpizza.service")


def socket(_settings: Settings) -> Row:
    """What nginx speaks to."""
    return _unit("socket", "ocpizza.socket")


def worker(_settings: Settings) -> Row:
    """What sends the mail."""
    return _unit("worker", "ocpizza-worker.service")


def live(settings: Settings) -> Row:
    """What tells open pages that orders changed, and how many it tells."""
    row = _unit("live", "ocpizza-live.service")
    told = streams(settings["live.socket"]) if row.well else None
    return fine("live", f"{row.says}, {told[0]} of {told[1]} pages") if told else row


def watchdog(_settings: Settings) -> Row:
    """What starts a site anew that answers nobody."""
    if not systemd.is_running():
        return amiss("watchdog", WITHOUT_SYSTEMD, START_WITH_IT)
    if systemd.active_state(WATCHDOG) == "active":
        return fine("watchdog", "looks every minute")
    return amiss("watchdog", "off", f"sudo systemctl enable --now {WATCHDOG}")


def timers(settings: Settings) -> Row:
    """What is done by itself, and whether it failed when it was last done."""
    if not systemd.is_running():
        return amiss("timers", WITHOUT_SYSTEMD, START_WITH_IT)
    ours = [timer for timer in TIMERS if _is_wanted(timer, settings)]
    ours += CONTINUOUS if is_enabled(settings) else ()
    own = [timer for one in TEMPLATES for timer in systemd.enabled_instances(one).values()]
    names = [timer.removesuffix(".timer") for timer in (*ours, *own)]
    wrong = [says for name in names if (says := _wrong(name))]
    return Row("timers", False, "; ".join(wrong)) if wrong else fine("timers", ", ".join(names))


def _is_wanted(timer: str, settings: Settings) -> bool:
    """Whether anybody misses it: the watchdog has its row, and no drill reads what is encrypted."""
    return timer != WATCHDOG and not (timer == DRILL and settings["backup.recipient"])


def _wrong(name: str) -> str:
    timer, job = f"{name}.timer", f"{name}.service"
    found = systemd.show(timer, "ActiveState", "UnitFileState")
    state = found.get("ActiveState", "unknown to systemd")
    if state == "failed":
        again = f"sudo systemctl reset-failed {timer}; sudo systemctl start {timer}"
        return f"{timer} failed: sudo journalctl -u {timer} -n 50; {again}"
    if state != "active":
        return f"{timer} is {state}: sudo systemctl enable --now {timer}"
    if found.get("UnitFileState") == "disabled":
        return f"{timer} will not start with the machine: sudo systemctl enable {timer}"
    last = systemd.show(job, "ActiveState", "SubState")
    # One that is tried again has failed all the same.
    if last.get("ActiveState") == "failed" or last.get("SubState") == "auto-restart":
        return f"{job} failed: sudo journalctl -u {job} -n 50; sudo systemctl start {job}"
    return ""


def _unit(name: str, unit: str) -> Row:
    if not systemd.is_running():
        return amiss(name, WITHOUT_SYSTEMD, START_WITH_IT)
    found = _once_started(unit)
    if "ActiveState" not in found:
        return amiss(name, UNKNOWN, ASK_AGAIN)
    state = " ".join(found[one] for one in ASKED[:2] if one in found)
    journal = f"sudo journalctl -u {unit} -n 50"
    if found["ActiveState"] == "inactive":
        return amiss(name, state, START)
    if _starts_anew(found):
        return fine(name, "starts anew, as after each reload")
    if found["ActiveState"] not in RUNS:
        return amiss(name, state, f"{journal}; sudo systemctl reset-failed {unit}; {START}")
    if crashes := _crashes(found):
        return amiss(name, f"{state}, but crashed {crashes} times, lately too", journal)
    return fine(name, state)


def _once_started(unit: str) -> dict[str, str]:
    """Return what systemd says of a unit, once it has started or has had the time to."""
    last = time.monotonic() + STARTS_WITHIN
    while True:
        found = systemd.show(unit, *ASKED)
        starts = found.get("ActiveState") == "activating" and found.get("SubState") == "start"
        if not starts or time.monotonic() > last:
            return found
        time.sleep(LOOKS_EVERY)


def _starts_anew(found: dict[str, str]) -> bool:
    """Whether it has ended well a moment ago, as one that is always to run again may."""
    ended_well = found.get("SubState") == "auto-restart" and found.get("Result") == "success"
    return ended_well and found.get("Restart") == "always"


def _crashes(found: dict[str, str]) -> int:
    """How often it crashed since somebody started it, if that is often and not long ago."""
    # One that is to start anew whatever ends it, at each reload too, counts those as well.
    if found.get("Restart") != "on-failure":
        return 0
    crashes = int(found.get("NRestarts") or 0)
    ago = time.monotonic() - int(found.get("ActiveEnterTimestampMonotonic") or 0) / 1e6
    return crashes if crashes >= CRASHES and ago < LATELY else 0
