"""Access: the API keys of automation jobs."""
