"""Product.md's role table: permission → roles. What is not here is refused."""

from ocpizza.models.account import Role
from ocpizza.security.permissions import Permission

EVERYONE = None  # visitors included
CASHIER, PIZZAIOLO, DRIVER, MANAGER = Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER, Role.MANAGER

PERMISSION_MAP: dict[Permission, frozenset[Role] | None] = {
    Permission.SHOP: EVERYONE,
    Permission.ACCOUNT: frozenset(Role),
    Permission.SECOND_FACTOR: frozenset({CASHIER, PIZZAIOLO, DRIVER, MANAGER}),
    Permission.STAFF_HOME: frozenset({CASHIER, PIZZAIOLO, DRIVER, MANAGER}),
    Permission.ORDERS_TO_PREPARE: frozenset({PIZZAIOLO, MANAGER}),
    Permission.PAUSE: frozenset({PIZZAIOLO, MANAGER}),
    Permission.FEASIBLE_PIZZAS: frozenset({PIZZAIOLO, MANAGER}),
    Permission.RECIPES: frozenset({PIZZAIOLO, MANAGER}),
    Permission.PRODUCTS: frozenset({MANAGER}),
    Permission.STOCK: frozenset({PIZZAIOLO, MANAGER}),
    Permission.SELL_OUT: frozenset({PIZZAIOLO, MANAGER}),
    Permission.CHANGE_STOCK: frozenset({MANAGER}),
    Permission.DELIVERIES: frozenset({DRIVER, MANAGER}),
    Permission.END_UNDELIVERED: frozenset({MANAGER}),
    Permission.TAKE_ORDERS: frozenset({CASHIER, MANAGER}),
    Permission.HANDOVERS: frozenset({CASHIER, MANAGER}),
    Permission.TILL_SESSION: frozenset({CASHIER, MANAGER}),
    Permission.TILL_REPORTS: frozenset({MANAGER}),
    Permission.RECEIVE_PAYMENT: frozenset({CASHIER, MANAGER}),
    Permission.STAFF_ORDER: frozenset({CASHIER, PIZZAIOLO, DRIVER, MANAGER}),
    Permission.CHANGE_ORDER: frozenset({CASHIER, MANAGER}),
    Permission.OVERVIEW: frozenset({MANAGER}),
    Permission.ORDERS: frozenset({MANAGER}),
    Permission.COMPARISON: frozenset({MANAGER}),
    Permission.SALES: frozenset({MANAGER}),
    Permission.PROMOTIONS: frozenset({MANAGER}),
    Permission.RESTAURANT: frozenset({MANAGER}),
    Permission.COMPANIES: frozenset({MANAGER}),
    Permission.PEOPLE: frozenset({MANAGER}),
    Permission.TRAIL: frozenset({MANAGER}),
    Permission.ADVANCE_ORDER: frozenset({CASHIER, PIZZAIOLO, DRIVER, MANAGER}),
    Permission.REFUND: frozenset({MANAGER}),
}
