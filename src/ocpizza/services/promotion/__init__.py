"""Promotions: their terms, their uses, who writes them."""
