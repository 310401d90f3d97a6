"""The Python client against a local server, for real and through faults."""
