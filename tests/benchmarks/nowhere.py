"""A place for what is written while something is measured, and that nobody reads."""

import io


class Nowhere(io.TextIOBase):
    """Takes texts as a pipe would, and forgets them."""

    def write(self, text: str) -> int:
        """Take a text."""
        return len(text)
