"""The parts of the API, each by itself."""
