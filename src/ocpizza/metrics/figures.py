"""What is counted while the site answers. No label holds what a visitor sent: all are few."""

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Requests that lead to no page: addresses that nobody has are not worth a figure each.
NO_ROUTE = "(none)"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# When a figure began is of no use to anybody here, and as many lines again.
prometheus_client.disable_created_metrics()


class Figures:
    """The figures of one application.

    Each has a label: those without are made with the figure, before processes are forked
    (`metrics.shared`).
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ocpizza_requests",
            "Requests answered by the application.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "ocpizza_request_seconds",
            "How long the application took to answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.orders = Counter(
            "ocpizza_orders",
            "Orders placed.",
            ("restaurant", "mode", "source", "payment"),
            registry=self.registry,
        )
        self.refusals = Counter(
            "ocpizza_orders_refused",
            "Orders and changes of orders that were refused.",
            ("reason",),
            registry=self.registry,
        )
        self.connections = Gauge(
            "ocpizza_pool_connections",
            "Connections of pages to the database: in use, and allowed.",
            ("state",),
            multiprocess_mode="livesum",
            registry=self.registry,
        )
