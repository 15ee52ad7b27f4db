"""What a visitor is about to order."""
