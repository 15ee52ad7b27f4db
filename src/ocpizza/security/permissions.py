"""The names of what may be done; `permission_map` says by whom."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a page or a button lets somebody do."""

    SHOP = "shop"  # 1.1 1.2 1.3 1.4 A1 B1 B2 B3 B32 B5 C11
    ACCOUNT = "account"  # one's own: C1, A1
    SECOND_FACTOR = "second_factor"  # C11 of staff
    STAFF_HOME = "staff_home"
    ORDERS_TO_PREPARE = "orders_to_prepare"  # 4.5
    PAUSE = "pause"  # orders from the web, for a while
    FEASIBLE_PIZZAS = "feasible_pizzas"  # 4.4
    RECIPES = "recipes"  # D1
    PRODUCTS = "products"  # 6.3, and what a restaurant sells differently
    STOCK = "stock"  # D2
    SELL_OUT = "sell_out"  # 6.2, « plus de … » alone
    CHANGE_STOCK = "change_stock"  # 6.2
    DELIVERIES = "deliveries"  # 4.1, B32 at the door
    TAKE_ORDERS = "take_orders"  # 1.2 by telephone and at the counter
    END_UNDELIVERED = "end_undelivered"  # 4.1, what reached nobody
    HANDOVERS = "handovers"  # 4.1, B32 at the counter
    TILL_SESSION = "till_session"  # opened, cash moved, counted, closed
    TILL_REPORTS = "till_reports"  # Z, whoever closed it
    RECEIVE_PAYMENT = "receive_payment"  # B32 at the till, and what is too much given back
    STAFF_ORDER = "staff_order"  # B5 by number alone
    CHANGE_ORDER = "change_order"  # 1.3 1.4 for a customer on the phone
    OVERVIEW = "overview"  # 6.1, a restaurant at a glance
    ORDERS = "orders"  # 6.1, whatever their status
    COMPARISON = "comparison"  # 6.1, restaurants and periods side by side
    SALES = "sales"  # 6.1, what was sold
    PROMOTIONS = "promotions"  # 3.2, as managers write them
    RESTAURANT = "restaurant"  # its hours, where it delivers, what it is called
    COMPANIES = "companies"  # who sells, and into which account
    PEOPLE = "people"  # 7.1
    TRAIL = "trail"  # what staff changed
    ADVANCE_ORDER = "advance_order"  # 4.1
    REFUND = "refund"  # B3, money back by a manager's decision
