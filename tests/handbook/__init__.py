"""docs/exploitation.md as a colleague follows it: read, typed at a droplet's console, and judged.

`reading` finds what it has one type; `console` types it; `Walk` goes through it in its order and
fails at what it does not know how to do; `steps` are what a line of text cannot say to a machine.
"""
