"""Continuous backup: Debian's pgbackrest keeps what PostgreSQL writes, and any moment comes back.

`switch` turns it on and off, `at` brings the shop's database back, `looks` says how it is.
"""
