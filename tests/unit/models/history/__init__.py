"""The audit trail's pure core."""
