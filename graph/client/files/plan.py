"""How a file is cut: pure."""

from models.artifacts.parts import FILE_MAX_BYTES, MIB, PART_MAX_BYTES, PART_MIN_BYTES, PARTS_MAX

PART_DEFAULT_BYTES = 64 * MIB


def part_size_for(size: int, wanted: int | None) -> int | None:
    """Return the size of a file's parts, or None where it goes in one piece.

    Args:
        wanted: bytes of a part, 64 MiB unless given; more where there would be too many parts.

    Raises:
        ValueError: no file may be so large, or no part of that size.
    """
    if size > FILE_MAX_BYTES:
        raise ValueError(f"the file has {size} bytes, and may have {FILE_MAX_BYTES}")
    part_size = PART_DEFAULT_BYTES if wanted is None else wanted
    if not PART_MIN_BYTES <= part_size <= PART_MAX_BYTES:
        raise ValueError(f"part_size must be {PART_MIN_BYTES} to {PART_MAX_BYTES}")
    if size <= part_size:
        return None
    least = -(-size // PARTS_MAX)
    return part_size if least <= part_size else -(-least // MIB) * MIB
