"""What each restaurant has of each ingredient."""
