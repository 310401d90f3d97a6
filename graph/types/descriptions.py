"""What several inputs say of the fields that every change can carry."""

REASON = "Why, up to 10,000 characters; kept in the change history"
CHANGED_BY = "Whom to attribute the change to, for delegates; the caller unless given"
IDEMPOTENCY_KEY = (
    "1 to 255 printable characters: a resend with the same key and input answers what the first "
    "sending answered, for 24 hours"
)
