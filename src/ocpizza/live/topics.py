"""What a page may be told of: its name in tickets, and in what is read of the database."""

GROUP = "group"
RESTAURANT, ORDER = "restaurant:", "order:"


def of_restaurant(restaurant_id: int | None) -> str:
    """Return the topic of a restaurant's orders, or of all restaurants'."""
    return GROUP if restaurant_id is None else f"{RESTAURANT}{restaurant_id}"


def of_order(number: str) -> str:
    """Return the topic of one order, for whoever has its secret link."""
    return f"{ORDER}{number}"


def concerned(restaurant_id: int, number: str) -> tuple[str, str, str]:
    """Return every topic that an order's change is about."""
    return of_order(number), of_restaurant(restaurant_id), GROUP


def kind_of(topic: str) -> str:
    """Return what kind of thing a topic is: what a stream calls it."""
    return topic.partition(":")[0]
