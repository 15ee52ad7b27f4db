"""What may go wrong with an archive."""


class BackupError(Exception):
    """Nothing was changed; the message says in one line what is wrong and what to do."""


class AtWork(BackupError):
    """Another job is at work: this one did nothing at all."""


class NotCopied(BackupError):
    """The archive is made and stays; its copy elsewhere is missing."""
