"""The metrics: each a pure function of what was read, in a file of its own."""
