"""The rules of selling pizzas as values and pure functions: no database, no web, no clock."""
