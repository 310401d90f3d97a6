"""Lists of models: which index answers a filter and an order, and how pages are walked."""
