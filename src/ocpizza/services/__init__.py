"""What the shop and the staff do: one verb a module, functions of (session, …), no commit."""
