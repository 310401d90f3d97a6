"""What a model is evaluated on, read from the Hub and from GitHub: the only way out of here."""
