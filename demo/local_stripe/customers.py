"""Customers and the cards that are kept for them; a card whose customer is gone is of no use."""

from localstripe.resources import Customer, PaymentMethod, store

from local_stripe.failure import invalid


def cards() -> dict[str, list[str]]:
    """The ids of every customer and of their cards."""
    kept = [each for each in store.values() if isinstance(each, PaymentMethod)]
    everybody = [each.id for each in store.values() if isinstance(each, Customer)]
    return {who: [card.id for card in kept if card.customer == who] for who in everybody}


def delete(customer_id: str) -> None:
    """Delete a customer; their cards can be used no more. UserError 404 where there is none."""
    Customer._api_delete(customer_id)
    for each in store.values():
        if isinstance(each, PaymentMethod) and each.customer == customer_id:
            each.customer = None


def detach(method_id: str) -> PaymentMethod:
    """Take a card from its customer; Failure 400 where it has none."""
    method = PaymentMethod._api_retrieve(method_id)
    if method.customer is None:
        raise invalid("payment_method_unexpected_state", "Not attached to a customer.")
    method.customer = None
    return method
