"""The API with credentials: who is let in, and to what."""
