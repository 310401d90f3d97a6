"""The domain's pure parts, and what can be told of its entities without a table."""
