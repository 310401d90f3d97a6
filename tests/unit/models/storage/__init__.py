"""The adapter to S3, without S3."""
