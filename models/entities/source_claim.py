"""The SourceClaim entity: at most one model per source URL, deleted models included."""

from pynamodb.attributes import UnicodeAttribute

from models.entities.item import Item, Key
from models.source_url import url_digest

CLAIM_SORT_KEY = "SOURCE"


def page_partition(url: str) -> str:
    """Return the partition key of all that is known of the page at `url`."""
    return f"SOURCE#{url_digest(url)}"


def source_claim_key(url: str) -> Key:
    """Return the key of the claim to the page at `url`."""
    return Key(page_partition(url), CLAIM_SORT_KEY)


class SourceClaimItem(Item, discriminator="SourceClaim"):
    """Says which model claims a source URL."""

    model_id = UnicodeAttribute()

    @classmethod
    def of(cls, url: str, model_id: str) -> "SourceClaimItem":
        """Build the claim of `model_id` to the page at `url`."""
        key = source_claim_key(url)
        return cls(PK=key.pk, SK=key.sk, model_id=model_id)
