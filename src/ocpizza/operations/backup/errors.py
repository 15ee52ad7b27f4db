"""What may go wrong with an archive."""


class BackupError(Exception):
    """Nothing was changed; the message says in one line what is wrong and what to do."""


class NotCopied(BackupError):
    """The archive is made and stays; its copy elsewhere is missing."""
