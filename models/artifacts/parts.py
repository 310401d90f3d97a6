"""How a file is cut into parts: pure."""

from dataclasses import dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB

SINGLE_PUT_MAX_BYTES = 5 * GIB
"""S3's limit for one PUT, and for one part."""
PART_MIN_BYTES = 5 * MIB
"""S3's limit, the last part apart."""
PART_MAX_BYTES = 5 * GIB
PARTS_MAX = 1_000
FILE_MAX_BYTES = 50 * GIB
"""What one run of the service can hash again, since a SHA-256 state cannot be saved."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a file.

    Attributes:
        number: from 1, as S3 counts.
        offset: its first byte in the file.
        sha256: of its bytes, lower-case hex.
    """

    number: int
    offset: int
    size_bytes: int
    sha256: str


def part_count(size_bytes: int, part_size_bytes: int) -> int:
    """Return how many parts a file has; an empty one has a part, too."""
    return max(1, -(-size_bytes // part_size_bytes))


def cut(size_bytes: int, part_size_bytes: int, digests: list[str]) -> list[Part]:
    """Return the parts of a file, of which each but the last has the same size."""
    return [
        Part(
            number=index + 1,
            offset=index * part_size_bytes,
            size_bytes=min(part_size_bytes, size_bytes - index * part_size_bytes),
            sha256=digest,
        )
        for index, digest in enumerate(digests)
    ]
