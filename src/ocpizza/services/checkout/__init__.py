"""From a basket to an order: reviewed, placed, changed, ordered again."""
