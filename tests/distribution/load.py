"""Visitors, one on another's heels: a program that asks for pages until its standard input ends.

Usage: load.py HOST LEAST PATH... It asks 127.0.0.1:80, each request on a connection of its own,
as visitors who arrive do; says `started` once it is at work; goes on until LEAST requests were
made, for two minutes at most; then prints a line of JSON: requests, and what failed.
"""

import json
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from itertools import cycle

CLIENTS = 4
# So that what is done meanwhile has a processor to be done on.
PAUSE_SECONDS = 0.03
WARM = 50
MAX_SECONDS, PATIENCE_SECONDS = 120, 30


class Load:
    """Counts of what several clients asked for."""

    def __init__(self, host: str, least: int, paths: list[str]) -> None:
        self.host, self.least, self.paths = host, least, paths
        self.requests, self.failures = 0, []
        self.enough, self.started, self.lock = (
            threading.Event(),
            threading.Event(),
            threading.Lock(),
        )
        self.deadline = time.monotonic() + MAX_SECONDS

    def client(self, number: int) -> None:
        """Ask for one page after the other, beginning with a different one."""
        for path in cycle(self.paths[number % len(self.paths) :] + self.paths):
            if self.finished():
                return
            self.count(path, self.ask(path))
            time.sleep(PAUSE_SECONDS)

    def finished(self) -> bool:
        done = self.enough.is_set() and self.requests >= self.least
        return done or time.monotonic() > self.deadline

    def ask(self, path: str) -> str:
        """Why a request failed, or nothing."""
        connection = HTTPConnection("127.0.0.1", 80, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path, headers={"Host": self.host, "Connection": "close"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException) as error:
            return repr(error)
        finally:
            connection.close()
        return "" if answer.status == 200 else str(answer.status)

    def count(self, path: str, failure: str) -> None:
        with self.lock:
            self.requests += 1
            if failure:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {path}: {failure}")
            if self.requests >= WARM:
                self.started.set()


def main() -> None:
    host, least, *paths = sys.argv[1:]
    load = Load(host, int(least), paths)
    clients = [threading.Thread(target=load.client, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    load.started.wait(PATIENCE_SECONDS)
    say("started")
    sys.stdin.read()
    load.enough.set()
    for client in clients:
        client.join()
    say(json.dumps({"requests": load.requests, "failures": load.failures[:20]}))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
