"""What makes functions start quickly."""
