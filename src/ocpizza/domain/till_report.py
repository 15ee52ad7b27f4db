"""What a till took, as X while it is open and as Z once it is closed: by means, VAT rate, mode."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ocpizza.column_types import Cents
from ocpizza.domain.money import apportion, vat_contained
from ocpizza.models.payment import Means
from ocpizza.models.vat import BasisPoints, Mode


@dataclass(frozen=True, slots=True)
class Taxed:
    """What an order holds at one rate: with its VAT, and the VAT in it."""

    rate: BasisPoints
    gross_cents: Cents
    vat_cents: Cents

    @property
    def net_cents(self) -> Cents:
        """What is left without its VAT."""
        return self.gross_cents - self.vat_cents


@dataclass(frozen=True, slots=True)
class Taken:
    """What a till received of an order by one means, and gave back of it there."""

    order_id: int
    mode: Mode
    means: Means
    received_cents: Cents = 0
    given_back_cents: Cents = 0


@dataclass(slots=True)
class Flow:
    """Money in, money out."""

    received_cents: Cents = 0
    given_back_cents: Cents = 0

    @property
    def net_cents(self) -> Cents:
        """What is left."""
        return self.received_cents - self.given_back_cents

    def add(self, taken: Taken) -> None:
        """Count it in."""
        self.received_cents += taken.received_cents
        self.given_back_cents += taken.given_back_cents


@dataclass(slots=True)
class Report:
    """The sums of a till: each of its three tables comes to the same."""

    means: dict[Means, Flow] = field(default_factory=dict)
    modes: dict[Mode, Flow] = field(default_factory=dict)
    vat: dict[BasisPoints, Taxed] = field(default_factory=dict)
    orders: int = 0

    @property
    def whole(self) -> Flow:
        """All that was taken and given back, by whatever means."""
        flows = self.means.values()
        received = sum(flow.received_cents for flow in flows)
        return Flow(received, sum(flow.given_back_cents for flow in flows))

    @property
    def net_cents(self) -> Cents:
        """What was taken, less what was given back."""
        return self.whole.net_cents


def make_report(taken: Iterable[Taken], held: Mapping[int, Iterable[Taxed]]) -> Report:
    """Return the sums of what a till took; `held` is what each order holds, by its id."""
    report = Report()
    nets: dict[int, Cents] = defaultdict(int)
    for each in taken:
        report.means.setdefault(each.means, Flow()).add(each)
        report.modes.setdefault(each.mode, Flow()).add(each)
        nets[each.order_id] += each.received_cents - each.given_back_cents
    report.means = {each: report.means[each] for each in Means if each in report.means}
    report.modes = {each: report.modes[each] for each in Mode if each in report.modes}
    report.orders = len(nets)
    by_rate: dict[BasisPoints, list[Cents]] = defaultdict(lambda: [0, 0])
    for order_id, net in nets.items():
        for share in shares(net, list(held[order_id])):
            by_rate[share.rate][0] += share.gross_cents
            by_rate[share.rate][1] += share.vat_cents
    report.vat = {rate: Taxed(rate, *by_rate[rate]) for rate in sorted(by_rate)}
    return report


def shares(net_cents: Cents, held: list[Taxed]) -> list[Taxed]:
    """Return how much of a sum is of which rate: all of an order as its receipt says it, a part of
    it pro rata.
    """
    whole = sum(each.gross_cents for each in held)
    if abs(net_cents) == whole:
        sign = 1 if net_cents >= 0 else -1
        return [Taxed(x.rate, sign * x.gross_cents, sign * x.vat_cents) for x in held]
    if not held:
        return []
    parts = apportion(net_cents, [each.gross_cents for each in held])
    return [
        Taxed(each.rate, part, vat_contained(part, each.rate))
        for each, part in zip(held, parts, strict=True)
    ]
