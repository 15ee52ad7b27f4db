"""What restaurants sold, day by day."""
