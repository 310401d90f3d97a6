"""The Model entity: the newest state of a model, and the keys by which lists find it."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from models.entities.item import Item, Key
from models.records import ModelRecord, ModelState, Prose
from models.timestamps import Timestamp

SORT_KEY = "MODEL"

_PARTITION_PREFIX = "MODEL#"
_NAME_KEY_MAX_BYTES = 900
"""DynamoDB's limit for a sort key is 1,024 bytes, and the id must fit in too."""
_NAME_END = "\x1f"
"""Sorts before every character that a name may hold, so that a name sorts before its extensions."""
_NO_SCORE = "-"
"""Sorts before every digit."""
_SCORE_DECIMALS = 12
_ALIAS_END = " "
"""No URL holds white space."""


def partition(model_id: str) -> str:
    """Return the partition key of all that belongs to one model."""
    return f"{_PARTITION_PREFIX}{model_id}"


def model_id_of(pk: str) -> str:
    """Return the model's id from its partition key."""
    return pk.removeprefix(_PARTITION_PREFIX)


def model_key(model_id: str) -> Key:
    """Return the key of a model's newest state."""
    return Key(partition(model_id), SORT_KEY)


def folded(text: str) -> str:
    """Return the form of `text` in which letter case makes no difference."""
    return text.casefold()


def name_prefix(name: str) -> str:
    """Return the part of a case-folded name, or of its beginning, that its sort key can hold."""
    return folded(name).encode()[:_NAME_KEY_MAX_BYTES].decode(errors="ignore")


def name_sort_key(name: str, model_id: str) -> str:
    """Return a model's place in the order of names."""
    return f"{name_prefix(name)}{_NAME_END}{model_id}"


def time_sort_key(instant: str, model_id: str) -> str:
    """Return a model's place in an order of time."""
    return f"{instant}#{model_id}"


def score_prefix(score: float | None) -> str:
    """Return a score, 0 to 1, as text in the order of scores; no score is below every score."""
    return _NO_SCORE if score is None else f"{score:.{_SCORE_DECIMALS}f}"


def score_sort_key(score: float | None, model_id: str) -> str:
    """Return a model's place in the order of net scores."""
    return f"{score_prefix(score)}#{model_id}"


def source_partition(state: ModelState, source: str) -> str:
    """Return the partition of one state and source."""
    return f"{state}#{source}"


def license_partition(state: ModelState, license_name: str) -> str:
    """Return the partition of one state and declared license."""
    return f"{state}#{folded(license_name)}"


class ModelItem(Item, discriminator="Model"):
    """The newest state of a model. From an index it comes without metadata and risk notes."""

    name = UnicodeAttribute()
    name_folded = UnicodeAttribute()
    source = UnicodeAttribute()
    source_url = UnicodeAttribute(null=True)
    license = UnicodeAttribute()
    license_folded = UnicodeAttribute()
    state = UnicodeAttribute()
    version = NumberAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    net_score = NumberAttribute(null=True)
    latest_evaluation_id = UnicodeAttribute(null=True)
    source_aliases = UnicodeAttribute(null=True)
    metadata = UnicodeAttribute(null=True)
    risk_notes = UnicodeAttribute(null=True)
    head_hash = UnicodeAttribute(null=True)

    updated_at_id = UnicodeAttribute()
    created_at_id = UnicodeAttribute()
    name_id = UnicodeAttribute()
    score_id = UnicodeAttribute()
    state_source = UnicodeAttribute()
    state_license = UnicodeAttribute()

    @classmethod
    def of(cls, record: ModelRecord) -> "ModelItem":
        """Build the item of `record`, index keys included."""
        prose = record.require_prose()
        key = model_key(record.id)
        return cls(
            PK=key.pk,
            SK=key.sk,
            name=record.name,
            name_folded=folded(record.name),
            source=record.source,
            source_url=record.source_url,
            license=record.license,
            license_folded=folded(record.license),
            state=record.state.value,
            version=record.version,
            created_at=record.created_at,
            updated_at=record.updated_at,
            net_score=record.net_score,
            latest_evaluation_id=record.latest_evaluation_id,
            source_aliases=_ALIAS_END.join(record.source_aliases) or None,
            metadata=prose.metadata,
            risk_notes=prose.risk_notes,
            head_hash=record.head_hash,
            updated_at_id=time_sort_key(record.updated_at, record.id),
            created_at_id=time_sort_key(record.created_at, record.id),
            name_id=name_sort_key(record.name, record.id),
            score_id=score_sort_key(record.net_score, record.id),
            state_source=source_partition(record.state, record.source),
            state_license=license_partition(record.state, record.license),
        )

    def to_record(self) -> ModelRecord:
        """Return the model that the item holds."""
        get = self.getter
        prose = None
        if get("metadata") is not None and get("risk_notes") is not None:
            prose = Prose(get("metadata"), get("risk_notes"))
        return ModelRecord(
            id=model_id_of(get("PK")),
            name=get("name"),
            source=get("source"),
            source_url=get("source_url"),
            license=get("license"),
            state=ModelState(get("state")),
            version=int(get("version")),
            created_at=Timestamp(get("created_at")),
            updated_at=Timestamp(get("updated_at")),
            net_score=None if get("net_score") is None else float(get("net_score")),
            prose=prose,
            head_hash=get("head_hash"),
            latest_evaluation_id=get("latest_evaluation_id"),
            source_aliases=tuple((get("source_aliases") or "").split()),
        )

    def is_consistent(self) -> bool:
        """Tell whether everything derived, such as index keys, agrees with the rest."""
        return self.holds_the_same_as(ModelItem.of(self.to_record()))
