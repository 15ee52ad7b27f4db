"""`make bench-telling`: what it costs whoever writes an order that others are told of it.

The same small transaction, by pgbench: alone; with a row more, as triggers write it for `ocpizza
live`; with NOTIFY, for which each commit holds one lock of the whole cluster until it is on disk.
One client shows the cost, sixteen the queue. Prints ratios and writes bench/telling.json.
"""

import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from databases import Cluster
from frame import write_results

TABLES = """
CREATE TABLE o (id int PRIMARY KEY, version int, text text);
INSERT INTO o SELECT i, 0, repeat('x', 300) FROM generate_series(1, 20000) i;
CREATE TABLE event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, o int, at timestamptz);
CREATE TABLE change (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, transaction_id bigint,
restaurant_id int, number varchar(12), at timestamptz);
CREATE INDEX ON change (transaction_id);
CREATE INDEX ON change (at);
"""
ORDER = """
\\set i random(1, 20000)
BEGIN;
UPDATE o SET version = version + 1 WHERE id = :i;
INSERT INTO event (o, at) VALUES (:i, now());
{told}
COMMIT;
"""
TOLD = {
    "nobody is told": "",
    "a row": "INSERT INTO change (transaction_id, restaurant_id, number, at) VALUES"
    " (CAST(CAST(pg_current_xact_id() AS text) AS bigint), 7, 'AB12-CD34', clock_timestamp());",
    "NOTIFY": "NOTIFY live, '7 AB12-CD34';",
}
CLIENTS, SECONDS, ROUNDS = (1, 16), 4, 3


def main() -> None:
    cluster = Cluster(durable=True)
    try:
        for statement in filter(str.strip, TABLES.split(";")):
            cluster.run(statement)
        with tempfile.TemporaryDirectory() as folder:
            rows = measure(cluster, Path(folder))
    finally:
        cluster.stop()
    for row in rows:
        print(*(f"{name}: {value}" for name, value in row.items()), sep="  ")
    write_results("telling.json", rows)


def measure(cluster: Cluster, folder: Path) -> list[dict[str, float | str]]:
    scripts = {}
    for name, told in TOLD.items():
        scripts[name] = folder / f"{len(scripts)}.sql"
        scripts[name].write_text(ORDER.format(told=told))
    rows = []
    for clients in CLIENTS:
        found: dict[str, list[float]] = {name: [] for name in TOLD}
        # By turns, so that what else the machine does meets each.
        for _ in range(ROUNDS):
            for name, script in scripts.items():
                found[name].append(a_second(cluster, script, clients))
        alone = statistics.median(found["nobody is told"])
        rows += [
            {
                "what": f"{name}, {clients} clients",
                "a second": round(statistics.median(values)),
                "ratio": round(statistics.median(values) / alone, 2),
            }
            for name, values in found.items()
        ]
    return rows


def a_second(cluster: Cluster, script: Path, clients: int) -> float:
    """Transactions that were committed each second."""
    at = ["-h", str(cluster.folder), "-U", "postgres"]
    how = ["-n", "-f", str(script), "-c", str(clients), "-j", "2", "-T", str(SECONDS)]
    said = subprocess.run(
        [cluster.bin / "pgbench", *at, *how, "postgres"], capture_output=True, text=True, check=True
    )
    return float(re.search(r"tps = ([\d.]+)", said.stdout)[1])


if __name__ == "__main__":
    main()
