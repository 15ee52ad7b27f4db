"""What is done at the manual's commands beside typing them, chapter by chapter."""
