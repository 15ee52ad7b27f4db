"""Two people changed the same thing: the second is told, and nothing of theirs is written."""


class EditedMeanwhile(Exception):
    """The account is not as it was when its form was shown."""


class PromotionChanged(RuntimeError):
    """Somebody else has changed the promotion since its page was shown."""
