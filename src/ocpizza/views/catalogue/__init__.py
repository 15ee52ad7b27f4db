"""What a restaurant sells."""
