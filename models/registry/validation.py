"""Checks a command's fields, and reports every fault at once."""

from dataclasses import dataclass, field

from models import json_text, limits
from models.errors import Fault, Refusal, UserErrorCode
from models.registry.commands import UNSET, ChangeModel, Command, CreateModel, UpdateModel
from models.source_url import url_problem


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with an input."""

    found: list[Fault] = field(default_factory=list)

    def add(self, name: str, message: str) -> None:
        """Note that the input field `name` is at fault."""
        self.found.append(Fault(UserErrorCode.INVALID_INPUT, f"{name} {message}", (name,)))

    def raise_any(self) -> None:
        """Refuse the command if anything is wrong with it."""
        if self.found:
            raise Refusal(self.found)

    def check_label(self, name: str, value: object, max_characters: int) -> None:
        """Check a short text: not empty, on one line, without white space around it."""
        if value is UNSET:
            return
        if not isinstance(value, str):
            self.add(name, "must not be null")
        elif not 1 <= len(value) <= max_characters:
            self.add(name, f"must have 1 to {max_characters} characters, not {len(value)}")
        elif problem := json_text.text_problem(value):
            self.add(name, problem)
        elif value.strip() != value:
            self.add(name, "must not begin or end with white space")

    def check_prose(self, name: str, value: object) -> None:
        """Check a long text, which may be empty and have several lines."""
        if not isinstance(value, str):
            return
        if len(value) > limits.PROSE_MAX_CHARACTERS:
            self.add(name, f"must have at most {limits.PROSE_MAX_CHARACTERS} characters")
        elif problem := json_text.text_problem(value, multiline=True):
            self.add(name, problem)

    def check_url(self, name: str, value: object) -> None:
        """Check a source URL; null is allowed."""
        if not isinstance(value, str):
            return
        if len(value) > limits.SOURCE_URL_MAX_CHARACTERS:
            self.add(name, f"must have at most {limits.SOURCE_URL_MAX_CHARACTERS} characters")
        elif problem := json_text.text_problem(value) or url_problem(value):
            self.add(name, problem)

    def check_json(self, name: str, value: object) -> None:
        """Check metadata, or a patch to it; null is not allowed."""
        if value is UNSET:
            return
        if value is None:
            self.add(name, "must not be null")
        elif problem := json_text.problem(value, max_levels=limits.METADATA_MAX_LEVELS):
            self.add(name, problem)
        elif json_text.byte_length(json_text.dumps(value)) > limits.METADATA_MAX_BYTES:
            self.add(name, f"must be at most {limits.METADATA_MAX_BYTES} bytes as compact JSON")

    def check_attribution(self, command: Command) -> None:
        """Check what every change can carry."""
        self.check_prose("reason", command.reason)
        if command.changed_by is not None:
            self.check_label("changedBy", command.changed_by, limits.CHANGED_BY_MAX_CHARACTERS)
        self.check_idempotency_key(command.idempotency_key)

    def check_idempotency_key(self, value: str | None) -> None:
        """Check the key: printable, so that it survives headers and logs."""
        if value is None:
            return
        longest = limits.IDEMPOTENCY_KEY_MAX_CHARACTERS
        if not 1 <= len(value) <= longest or not value.isprintable():
            self.add("idempotencyKey", f"must have 1 to {longest} printable characters")


def validate_create(command: CreateModel) -> None:
    """Raise Refusal with every fault of `command`."""
    faults = Faults()
    faults.check_label("name", command.name, limits.NAME_MAX_CHARACTERS)
    faults.check_label("source", command.source, limits.SOURCE_MAX_CHARACTERS)
    faults.check_label("license", command.license, limits.LICENSE_MAX_CHARACTERS)
    faults.check_url("sourceUrl", command.source_url)
    faults.check_json("metadata", command.metadata)
    faults.check_prose("riskNotes", command.risk_notes)
    faults.check_attribution(command)
    faults.raise_any()


def validate_update(command: UpdateModel) -> None:
    """Raise Refusal with every fault of `command`."""
    faults = Faults()
    faults.check_label("name", command.name, limits.NAME_MAX_CHARACTERS)
    faults.check_label("source", command.source, limits.SOURCE_MAX_CHARACTERS)
    faults.check_label("license", command.license, limits.LICENSE_MAX_CHARACTERS)
    faults.check_url("sourceUrl", command.source_url)
    faults.check_json("metadata", command.metadata)
    faults.check_json("metadataPatch", command.metadata_patch)
    if command.metadata is not UNSET and command.metadata_patch is not UNSET:
        faults.add("metadataPatch", "must not be given together with metadata")
    if command.risk_notes is None:
        faults.add("riskNotes", "must not be null")
    faults.check_prose("riskNotes", command.risk_notes)
    _check_change(faults, command)
    faults.raise_any()


def validate_change(command: ChangeModel) -> None:
    """Raise Refusal with every fault of a command that has no fields of its own."""
    faults = Faults()
    _check_change(faults, command)
    faults.raise_any()


def _check_change(faults: Faults, command: ChangeModel) -> None:
    if command.expected_version is not None and command.expected_version < 1:
        faults.add("expectedVersion", "must be at least 1, the version of a new model")
    faults.check_attribution(command)
