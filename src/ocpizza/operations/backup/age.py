"""How old something is, in words."""

from datetime import timedelta


def told(span: timedelta) -> str:
    """Return « 26 min », « 24 h », « 36 days »: the same of an archive wherever it is spoken of."""
    minutes = max(int(span.total_seconds()), 0) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
