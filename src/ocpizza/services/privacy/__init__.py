"""GDPR: what is kept about people, for how long, and how it goes."""
