"""Pages for programs: the host, Stripe, search engines, browsers."""
