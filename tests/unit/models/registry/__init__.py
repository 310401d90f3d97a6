"""What commands must be like."""
