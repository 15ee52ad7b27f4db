"""`make bench-lighthouse`: what Lighthouse finds on the pages on a customer's way, as on a phone.

The shop as the package serves it: nginx with its own files, over TLS, and Debian's Chromium. Each
page is run three times and the median is kept; every point that is lost is printed with its cause.
Wants npm, which brings Lighthouse itself into var/. Writes bench/lighthouse.json.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from frame import shop, write_results
from nginx_front import SITE, SecureVisitor, behind_nginx, chromium_flags
from shop import MENU, choose, choose_and_order, show

VERSION = "12.8.2"  # the last that Node.js 18 and 20 run
FOLDER = Path(__file__).resolve().parents[1] / "var" / f"lighthouse-{VERSION}"
PROGRAM = FOLDER / "node_modules/.bin/lighthouse"
CHROMIUM = "/usr/bin/chromium"
TIMES = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {
    "first-contentful-paint": "first paint, ms",
    "largest-contentful-paint": "largest, ms",
    "total-blocking-time": "blocked, ms",
    "speed-index": "speed index, ms",
    "cumulative-layout-shift": "shift",
    "total-byte-weight": "bytes",
}


def install() -> None:
    """Have npm bring Lighthouse, once."""
    if PROGRAM.exists():
        return
    for program in ("npm", "node", CHROMIUM):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt-get install npm chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", FOLDER, "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*command, f"lighthouse@{VERSION}"], check=True)


def run(path: str, cookie: str, flags: list[str], *, again: int = 2) -> dict[str, Any]:
    """One report on a page, as whoever has this cookie sees it; once more where none was made."""
    try:
        return report_on(path, cookie, flags)
    except subprocess.CalledProcessError:
        # On a busy machine it misses the beginning of a page, and says so.
        if not again:
            raise
        return run(path, cookie, flags, again=again - 1)


def report_on(path: str, cookie: str, flags: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [str(PROGRAM), f"{SITE}{path}", "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--chrome-flags={' '.join(map(_quoted, flags))}"]
        # A page that listens is never idle.
        command.append("--max-wait-for-load=15000")
        command += [f"--only-categories={','.join(CATEGORIES)}", "--form-factor=mobile"]
        if cookie:
            command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM})
        read: dict[str, Any] = json.loads(report.read_text())
    if error := read.get("runtimeError"):
        raise RuntimeError(f"{path}: {error['message']}")
    return read


def _quoted(flag: str) -> str:
    name, _, value = flag.partition("=")
    return f'{name}="{value}"' if value else flag


def scores(reports: list[dict[str, Any]]) -> dict[str, float]:
    return {
        category: round(
            100 * statistics.median(report["categories"][category]["score"] for report in reports)
        )
        for category in CATEGORIES
    }


def figures(reports: list[dict[str, Any]]) -> dict[str, float]:
    return {
        name: round(
            statistics.median(report["audits"][audit]["numericValue"] for report in reports), 3
        )
        for audit, name in FIGURES.items()
    }


def lost(report: dict[str, Any]) -> dict[str, list[str]]:
    """What is not perfect and counts, with the points that it costs, by category."""
    found: dict[str, list[str]] = {}
    for name in CATEGORIES:
        references = report["categories"][name]["auditRefs"]
        total = sum(reference["weight"] for reference in references)
        for reference in references:
            audit = report["audits"][reference["id"]]
            if not reference["weight"] or audit["score"] is None or audit["score"] >= 0.995:
                continue
            points = 100 * reference["weight"] * (1 - audit["score"]) / total
            said = audit.get("displayValue", "")
            found.setdefault(name, []).append(f"-{points:.1f} {audit['id']} {said}".strip())
    return found


def main(folder: Path | None) -> None:
    install()
    with shop() as prepared, behind_nginx(prepared) as nginx:
        shopper, customer = SecureVisitor(nginx), SecureVisitor(nginx)
        choose(shopper, "cash")
        tracking = choose_and_order(customer, "cash")
        pages = {
            "home": ("/", ""),
            "catalogue": (MENU, ""),
            "product": (f"{MENU}/regina", ""),
            "basket": ("/panier", shopper.cookie),
            "checkout": ("/commande", shopper.cookie),
            "tracking": (tracking, ""),
        }
        rows, causes = [], {}
        for name, (path, cookie) in pages.items():
            reports = [run(path, cookie, chromium_flags(nginx)) for _ in range(TIMES)]
            rows.append({"page": name} | scores(reports) | figures(reports))
            causes[name] = lost(reports[-1])
            if folder:
                (folder / f"{name}.json").write_text(json.dumps(reports[-1], indent=1))
    show(rows)
    print(json.dumps(causes, indent=1))
    write_results("lighthouse.json", rows, lighthouse=VERSION, lost=causes)


if __name__ == "__main__":
    # With a folder: whole reports go there.
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
