"""What Prometheus makes of a page of figures."""

from prometheus_client.parser import text_string_to_metric_families


def samples(text: str, name: str) -> dict[tuple[str, ...], float]:
    """(values of its labels, in the order of their names) → value, of one figure."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def names(text: str) -> set[str]:
    """The names of all figures."""
    families = text_string_to_metric_families(text)
    return {sample.name for family in families for sample in family.samples}
