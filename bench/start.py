"""`make bench-start`: from the start of the service's process to its first answer, and the first
fifty answers beside later ones.

The shop runs as the package runs it: on Debian's Python, everything compiled, templates too.
Guests order, one after the other; a bare application does the same beside it. Prints a table and
writes bench/start.json.
"""

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ocpizza
from frame import shop, write_results
from load import Address, Visitor, answers, cpu_ms, free_port, gunicorn_command
from shop import HERE, choose_and_order, show

TIMES = 3
FIRST, LATER = 50, 400


class Stopwatch(Visitor):
    """A visitor who notes how long each answer took, in milliseconds."""

    def __init__(self, at: Address, took: list[float]) -> None:
        super().__init__(at)
        self.took = took

    def _ask(self, *asked, **more):
        began = time.perf_counter()
        try:
            return super()._ask(*asked, **more)
        finally:
            self.took.append(1000 * (time.perf_counter() - began))


@contextmanager
def as_packaged() -> Iterator[dict[str, str]]:
    """A copy of the shop with all compiled; gives the environment that runs it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(ocpizza.__file__).parent
        copy = Path(folder) / source.name
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        environment = os.environ | {"PYTHONPATH": folder}
        command = [sys.executable, "-m", "ocpizza.operations.compile_templates"]
        subprocess.run(command, env=environment, check=True)
        for compiled in (folder, sysconfig.get_path("purelib")):
            compileall.compile_dir(compiled, quiet=2)
        yield environment


def start(
    command: list[str], environment: dict[str, str], at: Address, act: Callable[[Visitor], object]
) -> dict[str, float]:
    """Start a service, ask as soon as it answers, and go on."""
    if isinstance(at, Path):
        at.unlink(missing_ok=True)
    began = time.perf_counter()
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        while not answers(at):
            if server.poll() is not None:
                raise SystemExit(f"the service ended with {server.returncode}")
            time.sleep(0.005)
        first, cpu = time.perf_counter() - began, cpu_ms(server.pid)
        took: list[float] = []
        early_cpu = go_on(at, act, took, FIRST, server.pid)
        go_on(at, act, took, LATER, server.pid)
        later_cpu = go_on(at, act, took, LATER + FIRST, server.pid)
    finally:
        server.terminate()
        server.wait(60)
    early, later = took[:FIRST], took[-FIRST:]
    return {
        "first answer, s": first,
        "CPU until then, ms": cpu,
        "first 50, median ms": statistics.median(early),
        "first 50, worst ms": max(early),
        "CPU ms": early_cpu,
        "later 50, median ms": statistics.median(later),
        "later 50, worst ms": max(later),
        "later CPU ms": later_cpu,
    }


def go_on(
    at: Address, act: Callable[[Visitor], object], took: list[float], until: int, pid: int
) -> float:
    """Visit until so many answers were given; gives what that cost the service."""
    before = cpu_ms(pid)
    while len(took) < until:
        visitor = Stopwatch(at, took)
        act(visitor)
        visitor.connection.close()
    return cpu_ms(pid) - before


def middle(what: str, runs: list[dict[str, float]]) -> dict[str, float | str]:
    return {"what": what} | {
        name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]
    }


def main() -> None:
    with shop() as prepared, as_packaged() as environment:
        port = free_port()
        bare_command = gunicorn_command("bare", port)
        bare_environment = os.environ | {"PYTHONPATH": str(HERE)}
        command = [sys.executable, "-m", "ocpizza.cli", "--config", str(prepared.config)]
        command += ["serve", "--gunicorn"]
        at = prepared.config.with_name("gunicorn.sock")
        bare, own = [], []
        for _ in range(TIMES):
            bare.append(start(bare_command, bare_environment, port, lambda v: v.get("/")))
            own.append(start(command, environment, at, lambda v: choose_and_order(v, "cash")))
    rows = [middle("bare application", bare), middle("shop", own)]
    show(rows)
    write_results("start.json", rows)


if __name__ == "__main__":
    main()
