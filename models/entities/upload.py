"""The Upload entity: the digests of a file's parts, which only whoever uploads it needs.

Apart from the artifact, since 1,000 digests are 32 kB and a list shows 100 artifacts.
"""

from pynamodb.attributes import BinaryAttribute

from models.entities.item import Item, Key
from models.entities.model import partition

_DIGEST_BYTES = 32


def upload_key(model_id: str, artifact_id: str) -> Key:
    """Return the key of the upload of an artifact in parts."""
    return Key(partition(model_id), f"UPLOAD#{artifact_id}")


class UploadItem(Item, discriminator="Upload"):
    """The SHA-256 of each part, one after the other."""

    part_digests = BinaryAttribute(legacy_encoding=False)

    @classmethod
    def of(cls, model_id: str, artifact_id: str, digests: list[str]) -> "UploadItem":
        """Build the item of an upload whose parts have these digests, hex."""
        key = upload_key(model_id, artifact_id)
        return cls(PK=key.pk, SK=key.sk, part_digests=bytes.fromhex("".join(digests)))

    def digests(self) -> list[str]:
        """Return the parts' digests, hex."""
        raw: bytes = self.part_digests
        return [
            raw[start : start + _DIGEST_BYTES].hex() for start in range(0, len(raw), _DIGEST_BYTES)
        ]
