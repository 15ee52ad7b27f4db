"""What the command line and the timers run."""
