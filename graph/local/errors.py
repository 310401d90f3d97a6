"""What keeps the local server from running, in words for the person who started it."""


class LocalError(Exception):
    """The local server cannot start; the message tells why, and what to do about it."""
