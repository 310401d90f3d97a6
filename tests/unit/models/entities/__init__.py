"""Keys and sizes of items."""
