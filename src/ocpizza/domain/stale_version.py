"""Two people changed the same thing: the second is told, and nothing of theirs is written."""


class StaleVersion(Exception):
    """It is not as it was when its page was shown: somebody else has changed it."""
