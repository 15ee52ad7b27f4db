"""Money asked for, received and given back; what Stripe keeps for us."""
