"""A chain as large as it may become, and what its pages and commands cost beside a small one's."""
