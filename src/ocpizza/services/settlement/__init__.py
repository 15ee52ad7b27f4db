"""What follows for orders from what is heard of their payments."""
