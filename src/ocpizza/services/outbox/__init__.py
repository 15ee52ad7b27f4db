"""Mail that waits to be sent, and mail of the past."""
