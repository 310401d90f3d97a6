"""The audit trail's pure core: what changed, how entries are chained, and whether they hold."""
