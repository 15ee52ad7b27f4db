"""The dashboard for Grafana and the manual speak of figures that there are, and of all of them."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from metrics.test_page import ask, environ
from ocpizza.metrics.figures import Figures
from ocpizza.metrics.page import Page
from ocpizza.models.job import JobRun

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "grafana/ocpizza.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [target for panel in PANELS for target in panel["targets"]]
# What Prometheus itself says of whom it reads, and of each figure.
ITS_OWN, ITS_LABELS = {"up"}, {"job", "instance", "le"}
FUNCTIONS = {"sum", "min", "max", "topk", "rate", "increase", "histogram_quantile", "time", "by"}


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def figures(website) -> dict[str, set[str]]:
    """Every figure that there may be, by name: its labels."""
    now = datetime.now(UTC)
    with website.session() as session:
        values = {"started_at": now, "finished_at": now, "succeeded": True}
        session.add(JobRun(job="restore_drill", **values))
    counted = Figures()
    counted.requests.labels("home", "read", 200).inc()
    counted.seconds.labels("home").observe(1)
    counted.connections.labels("in_use").set(1)
    url = website.engine.url.render_as_string(hide_password=False)
    _, text = ask(Page(counted, {"database.url": url}), environ())
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_expression_is_of_figures_that_there_are(figures):
    assert len(TARGETS) >= len(PANELS) > 15
    for target in TARGETS:
        expression = target["expr"]
        bare = re.sub(r'"[^"]*"', "", expression)
        # Labels are between braces and after `by`.
        labels = set(re.findall(r"(\w+)\s*=~?", bare))
        for group in re.findall(r"by \(([^)]*)\)", bare):
            labels |= set(re.findall(r"\w+", group))
        named = re.sub(r"\{[^}]*\}|\[[^]]*\]|by \([^)]*\)", "", bare)
        words = set(re.findall(r"[a-z_]\w*", named)) - FUNCTIONS
        assert words, expression
        assert words <= figures.keys() | ITS_OWN, expression
        known = ITS_LABELS.union(*(figures.get(word, set()) for word in words))
        assert labels <= known, expression
        assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known


def test_every_figure_is_in_the_dashboard(figures):
    shown = " ".join(target["expr"] for target in TARGETS)
    # A started job that never ended, and a histogram's count, are for whoever asks more.
    left = {name for name in figures if name not in shown}
    assert left == {"ocpizza_job_started_timestamp_seconds"}


def test_its_brackets_close():
    for target in TARGETS:
        for pair in ("()", "{}", "[]"):
            assert target["expr"].count(pair[0]) == target["expr"].count(pair[1])


def test_it_is_one_that_grafana_takes():
    assert DASHBOARD["schemaVersion"] >= 36
    # Of the instance that it is imported to.
    assert "id" not in DASHBOARD
    assert DASHBOARD["uid"] == "ocpizza"
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD)))
    assert used == names
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    for panel in PANELS:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


def test_no_panel_lies_upon_another():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells


def test_the_manual_names_every_figure_and_no_other(figures):
    manual = (ROOT / "docs/exploitation.md").read_text(encoding="utf-8")
    told = set(re.findall(r"(?m)^\| `(ocpizza_[a-z_]+)", manual))
    # Of a histogram its name alone.
    bases = {re.sub("_(bucket|count|sum)$", "", name) for name in figures}
    assert told == bases
