"""The six indexes of lists. They are sparse: only current models carry their keys.

Each projects what a list shows or filters by, the discriminator included, since without it
PynamoDB cannot tell the entity. Metadata and risk notes stay out: they can be large.
"""

from typing import ClassVar

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection

LISTED = [
    "kind",
    "name",
    "name_folded",
    "source",
    "source_url",
    "license",
    "license_folded",
    "version",
    "created_at",
    "updated_at",
    "net_score",
    "latest_evaluation_id",
    "source_aliases",
]
"""Attributes that every index projects besides the keys."""


class ByUpdate(GlobalSecondaryIndex):  # type: ignore[type-arg]  # its model is whoever declares it
    """Models of a state by the instant of their newest change."""

    class Meta:
        """PynamoDB's configuration."""

        index_name = "by_update"
        projection = IncludeProjection(LISTED)
        attributes: ClassVar[dict[str, object]]

    state = UnicodeAttribute(hash_key=True)
    updated_at_id = UnicodeAttribute(range_key=True)


class ByCreation(GlobalSecondaryIndex):  # type: ignore[type-arg]
    """Models of a state by the instant of their creation."""

    class Meta:
        """PynamoDB's configuration."""

        index_name = "by_creation"
        projection = IncludeProjection(LISTED)
        attributes: ClassVar[dict[str, object]]

    state = UnicodeAttribute(hash_key=True)
    created_at_id = UnicodeAttribute(range_key=True)


class ByName(GlobalSecondaryIndex):  # type: ignore[type-arg]
    """Models of a state by their name, case folded."""

    class Meta:
        """PynamoDB's configuration."""

        index_name = "by_name"
        projection = IncludeProjection(LISTED)
        attributes: ClassVar[dict[str, object]]

    state = UnicodeAttribute(hash_key=True)
    name_id = UnicodeAttribute(range_key=True)


class ByScore(GlobalSecondaryIndex):  # type: ignore[type-arg]
    """Models of a state by their net score."""

    class Meta:
        """PynamoDB's configuration."""

        index_name = "by_score"
        projection = IncludeProjection(LISTED)
        attributes: ClassVar[dict[str, object]]

    state = UnicodeAttribute(hash_key=True)
    score_id = UnicodeAttribute(range_key=True)


class BySource(GlobalSecondaryIndex):  # type: ignore[type-arg]
    """Models of a state and source by the instant of their newest change."""

    class Meta:
        """PynamoDB's configuration."""

        index_name = "by_source"
        projection = IncludeProjection([*LISTED, "state"])
        attributes: ClassVar[dict[str, object]]

    state_source = UnicodeAttribute(hash_key=True)
    updated_at_id = UnicodeAttribute(range_key=True)


class ByLicense(GlobalSecondaryIndex):  # type: ignore[type-arg]
    """Models of a state and license, case folded, by the instant of their newest change."""

    class Meta:
        """PynamoDB's configuration."""

        index_name = "by_license"
        projection = IncludeProjection([*LISTED, "state"])
        attributes: ClassVar[dict[str, object]]

    state_license = UnicodeAttribute(hash_key=True)
    updated_at_id = UnicodeAttribute(range_key=True)
