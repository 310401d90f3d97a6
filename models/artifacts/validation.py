"""Checks what is announced of a file, and reports every fault at once."""

import re

from models import json_text
from models.artifacts import parts
from models.artifacts.commands import CreateUpload
from models.registry.validation import Faults

FILENAME_MAX_BYTES = 255
CONTENT_TYPE_MAX_CHARACTERS = 255
DEFAULT_CONTENT_TYPE = "application/octet-stream"

_TREACHEROUS = re.compile("[\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
"""Bidirectional controls, which let exe.png look like another name, and noncharacters."""
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]+"  # noqa: S105  # RFC 9110's token, not a secret
_CONTENT_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:; ?{_TOKEN}=(?:{_TOKEN}|\"[ !#-\[\]-~]*\"))*")


def validate_upload(command: CreateUpload) -> None:
    """Raise Refusal with every fault of `command`."""
    faults = Faults()
    _check_filename(faults, command.filename)
    _check_digest(faults, "sha256", command.sha256)
    _check_content_type(faults, command.content_type)
    if not 0 <= command.size_bytes <= parts.FILE_MAX_BYTES:
        faults.add("sizeBytes", f"must be 0 to {parts.FILE_MAX_BYTES}")
    elif command.part_sha256 is None:
        _check_single(faults, command)
    else:
        _check_parts(faults, command, command.part_sha256)
    faults.check_attribution(command)
    faults.raise_any()


def _check_filename(faults: Faults, filename: str) -> None:
    if problem := json_text.text_problem(filename):
        faults.add("filename", problem)
    elif "/" in filename or "\\" in filename or filename in {".", ".."}:
        faults.add("filename", "must be a name without a path")
    elif not 1 <= len(filename.encode()) <= FILENAME_MAX_BYTES:
        faults.add("filename", f"must have 1 to {FILENAME_MAX_BYTES} bytes as UTF-8")
    elif _TREACHEROUS.search(filename):
        faults.add("filename", "must not hold characters that turn text around or stand for none")
    elif filename.strip() != filename:
        faults.add("filename", "must not begin or end with white space")


def _check_digest(faults: Faults, name: str, digest: str) -> None:
    if not _SHA256.fullmatch(digest):
        faults.add(name, "must be a SHA-256 as 64 hex digits")


def _check_content_type(faults: Faults, content_type: str | None) -> None:
    if content_type is None:
        return
    if len(content_type) > CONTENT_TYPE_MAX_CHARACTERS or not _CONTENT_TYPE.fullmatch(content_type):
        faults.add("contentType", "must be a media type such as application/octet-stream")


def _check_single(faults: Faults, command: CreateUpload) -> None:
    if command.part_size_bytes is not None:
        faults.add("partSizeBytes", "is only for files whose partSha256 is given")
    if command.size_bytes > parts.SINGLE_PUT_MAX_BYTES:
        faults.add("partSha256", f"must be given for files over {parts.SINGLE_PUT_MAX_BYTES} bytes")


def _check_parts(faults: Faults, command: CreateUpload, digests: tuple[str, ...]) -> None:
    size = command.part_size_bytes
    if any(not _SHA256.fullmatch(digest) for digest in digests):
        faults.add("partSha256", "must be SHA-256s as 64 hex digits each")
    if size is None or not parts.PART_MIN_BYTES <= size <= parts.PART_MAX_BYTES:
        faults.add("partSizeBytes", f"must be {parts.PART_MIN_BYTES} to {parts.PART_MAX_BYTES}")
        return
    expected = parts.part_count(command.size_bytes, size)
    if expected > parts.PARTS_MAX:
        faults.add("partSizeBytes", f"must be larger: {parts.PARTS_MAX} parts are allowed")
    elif len(digests) != expected:
        faults.add("partSha256", f"must have {expected} digests for this size, not {len(digests)}")
