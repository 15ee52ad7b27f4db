"""What an update says when it cannot be."""

from ocpizza.operations.deploy.host import Failed


class UpdateError(Failed):
    """The update is refused or failed; the message says why in one line."""
