"""`make bench-kept`: pages that nginx keeps for visitors without a cookie, beside a static file.

nginx as the package sets it up, one worker, before the shop; the file has the page's own bytes, and
is served as any static file of ours. Each load alternates with the other, so that both meet the
same machine. What counts is nginx's CPU time; that of the shop behind it, once a second, is added.
Prints a table and writes bench/kept_pages.json.
"""

import gzip
import socket
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from frame import shop, write_results
from load import cpu_ms, packaged
from nginx.server import Nginx

MENU, HOME = "/pizzeria/paris-republique", "/"
FILE = "/static/0123456789ab/page.html"
ROUNDS, REQUESTS, A_CONNECTION = 5, 20_000, 1000
BROWSER = (
    "Accept: text/html\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    "Accept-Language: fr-FR,fr;q=0.9,en;q=0.8\r\n"
)
ANSWER = b"HTTP/1.1 200 OK"
PACKED = "Accept-Encoding: gzip, deflate, br\r\n"


@dataclass
class Client:
    """Asks again and again on one connection, without waiting for each answer."""

    port: int
    path: str
    more: str = ""

    @property
    def question(self) -> bytes:
        return (
            f"GET {self.path} HTTP/1.1\r\nHost: www.ocpizza.fr\r\n{BROWSER}{self.more}\r\n".encode()
        )

    def body(self) -> bytes:
        with self._connected() as connection:
            connection.sendall(self.question.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            whole = b"".join(iter(lambda: connection.recv(1 << 20), b""))
        head, _, body = whole.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        return body

    def ask(self, count: int) -> None:
        """So many times; nginx ends a connection after a thousand."""
        for _ in range(count // A_CONNECTION):
            with self._connected() as connection, ThreadPoolExecutor(1) as pool:
                pool.submit(connection.sendall, self.question * A_CONNECTION)
                answered, end = 0, b""
                while part := connection.recv(1 << 20):
                    part = end + part
                    answered += part.count(ANSWER)
                    # One may begin in this part and go on in the next.
                    end = part[1 - len(ANSWER) :]
            if answered != A_CONNECTION:
                raise RuntimeError(f"{answered} answers of {A_CONNECTION}")

    def _connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


def measure(client: Client, pids: tuple[int, int], count: int = REQUESTS) -> dict[str, float]:
    """What each request costs nginx, and the shop behind it; how many there are in a second."""
    nginx, application = pids
    before, behind, begun = cpu_ms(nginx), cpu_ms(application), time.perf_counter()
    client.ask(count)
    took = time.perf_counter() - begun
    own, others = cpu_ms(nginx) - before, cpu_ms(application) - behind
    return {"ms": (own + others) / count, "per second": count / took}


def compare(nginx: Nginx, pids: tuple[int, int], static: Path, path: str, more: str) -> dict:
    page, file = Client(nginx.port, path, more), Client(nginx.port, FILE, more)
    body = page.body()
    plain = gzip.decompress(body) if more else body
    static.write_bytes(plain)
    packed = static.with_suffix(".html.gz")
    packed.write_bytes(body if more else gzip.compress(plain, 9))
    if file.body() != body:
        raise RuntimeError("the file is not the page")
    # Whoever has a cookie asks the site itself, as everybody did.
    site = measure(Client(nginx.port, path, f"{more}Cookie: x=1\r\n"), pids, A_CONNECTION)
    found: dict[str, list[dict[str, float]]] = {"page": [], "file": []}
    for _ in range(ROUNDS):
        found["page"].append(measure(page, pids))
        found["file"].append(measure(file, pids))
    middle = {
        (what, unit): statistics.median(each[unit] for each in rounds)
        for what, rounds in found.items()
        for unit in ("ms", "per second")
    }
    return {
        "what": f"{path}, {'gzip' if more else 'plain'}",
        "bytes": len(body),
        "page of the site, CPU ms": round(site["ms"], 2),
        "page, CPU ms": round(middle["page", "ms"], 4),
        "file, CPU ms": round(middle["file", "ms"], 4),
        "page, a second": round(middle["page", "per second"]),
        "file, a second": round(middle["file", "per second"]),
        "ratio by CPU": round(middle["file", "ms"] / middle["page", "ms"], 2),
        "ratio by rate": round(middle["page", "per second"] / middle["file", "per second"], 2),
    }


def main() -> None:
    with shop() as prepared, tempfile.TemporaryDirectory(dir="/tmp") as folder:
        state = Path(folder)
        static = state / f"{FILE[1:]}"
        static.parent.mkdir(parents=True)
        state.chmod(0o755)
        nginx = Nginx(state / "machine")
        with packaged(prepared.config) as (at, gunicorn):
            nginx.install(at, state)
            with nginx.running():
                pids = int((nginx.root / "nginx.pid").read_text()), gunicorn
                rows = [
                    compare(nginx, pids, static, path, more)
                    for path in (HOME, MENU)
                    for more in (PACKED, "")
                ]
    for row in rows:
        print(row)
    write_results("kept_pages.json", rows)


if __name__ == "__main__":
    main()
