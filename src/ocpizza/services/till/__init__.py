"""The till of a restaurant: opened, moved cash in and out of, counted and closed."""
