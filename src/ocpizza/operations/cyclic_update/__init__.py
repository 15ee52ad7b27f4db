"""What `ocpizza cyclic-update` does every morning: local work, and content from production."""
