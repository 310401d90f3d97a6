"""How long, large and deep the registry's inputs may be. docs/API.md states the same figures."""

NAME_MAX_CHARACTERS = 256
SOURCE_MAX_CHARACTERS = 64
LICENSE_MAX_CHARACTERS = 256
PROSE_MAX_CHARACTERS = 10_000
"""Of riskNotes, and of reason."""
SOURCE_URL_MAX_CHARACTERS = 2_048
CHANGED_BY_MAX_CHARACTERS = 256
API_KEY_NAME_MAX_CHARACTERS = 128
IDEMPOTENCY_KEY_MAX_CHARACTERS = 255

METADATA_MAX_BYTES = 64 * 1024
"""As compact UTF-8 JSON."""
METADATA_MAX_LEVELS = 32
"""Of arrays and objects inside one another."""
INTEGER_MAX_DIGITS = 4_300
"""What Python's int() parses; longer ones take quadratic time."""

PAGE_DEFAULT_ITEMS = 20
PAGE_MAX_ITEMS = 100
NODES_MAX_IDS = 100

IDEMPOTENCY_RETENTION_SECONDS = 24 * 60 * 60
