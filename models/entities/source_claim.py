"""The SourceClaim entity: at most one model per source URL, deleted models included."""

from pynamodb.attributes import UnicodeAttribute

from models.entities.item import Item
from models.source_url import url_digest


class SourceClaimItem(Item, discriminator="SourceClaim"):
    """Says which model claims a source URL."""

    model_id = UnicodeAttribute()

    @classmethod
    def of(cls, url: str, model_id: str) -> "SourceClaimItem":
        """Build the claim of `model_id` to the page at `url`."""
        return cls(PK=f"SOURCE#{url_digest(url)}", SK="SOURCE", model_id=model_id)
