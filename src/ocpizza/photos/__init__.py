"""Uploaded photos made anew, in a process of its own: nothing of the file itself is kept."""
