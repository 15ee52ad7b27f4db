class Route:
    name: str
    pattern: str
