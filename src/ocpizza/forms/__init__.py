"""What people type: validation, with messages in their language."""
