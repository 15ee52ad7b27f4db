"""What the database is asked when somebody reads the figures: little, soon, whatever its years."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError

from ocpizza import __version__
from ocpizza.db import make_engine, read_only, reason
from ocpizza.metrics import orders
from ocpizza.metrics.figures import Figures
from ocpizza.metrics.questions import QUESTIONS, restaurants
from ocpizza.outage import is_outage

# Prometheus itself waits for ten seconds: what is counted must be there by then.
STATEMENT_MS, PATIENCE, TOGETHER = 1500, 2.0, 4.0
log = structlog.get_logger()


class Known(Collector):
    """What was learnt; a figure that is not here is not known."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


class Asked:
    """Asks by a connection of its own: one of the pages' would be missed, or waited for."""

    def __init__(self, url: str, figures: Figures) -> None:
        self._url, self._figures = url, figures
        self._engine: Engine | None = None
        self._alone, self._known, self._known_at = Lock(), Known(()), 0.0

    def look(self) -> Known:
        """Return what the database says, or that it does not; of those who come while it is asked,
        each gets that answer.
        """
        came = time.monotonic()
        with self._alone:
            if self._known_at < came:
                self._known, self._known_at = self._look(), time.monotonic()
            return self._known

    def _look(self) -> Known:
        began, found, up = time.monotonic(), list[Metric](), True
        try:
            found = list(self._ask(began + TOGETHER))
        except SQLAlchemyError as error:
            up = False
            if not is_outage(error):
                log.error("figures are not complete", reason=reason(error))
        except TimeoutError:
            up = False
        took = time.monotonic() - began
        return Known([_version(), _up(up), _took(took), *(found if up else ())])

    def _ask(self, deadline: float) -> Iterator[Metric]:
        if self._engine is None:
            # In the process that asks: connections are not shared.
            self._engine = _hurried(self._url)
        now = datetime.now(UTC)
        try:
            with read_only(self._engine).connect() as connection:
                orders.expect(self._figures, restaurants(connection))
                yield from _answers(connection, QUESTIONS, now, deadline)
        finally:
            # None is kept between two looks.
            self._engine.dispose()


def _answers(
    connection: Connection,
    questions: Iterable[Callable[[Connection, datetime], Iterator[Metric]]],
    now: datetime,
    deadline: float,
) -> Iterator[Metric]:
    for question in questions:
        if time.monotonic() > deadline:
            raise TimeoutError
        yield from question(connection, now)


def _hurried(url: str) -> Engine:
    engine = make_engine(url, 1, hurried=True)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _be_impatient)
    return engine


def _be_impatient(connection: Any, _record: Any) -> None:
    connection.patience = PATIENCE
    connection.execute(f"SET statement_timeout = {STATEMENT_MS}")
    connection.commit()


def _version() -> Metric:
    metric = GaugeMetricFamily("ocpizza_version", "The program's.", labels=("version",))
    metric.add_metric((__version__,), 1)
    return metric


def _up(up: bool) -> Metric:
    help_text = "Whether the database answered; if not, only what processes count is here."
    return GaugeMetricFamily("ocpizza_database_up", help_text, value=up)


def _took(seconds: float) -> Metric:
    help_text = "How long the database took to answer what these figures ask."
    return GaugeMetricFamily("ocpizza_database_seconds", help_text, value=seconds)
