"""How files get to S3 and back: planned, announced, sent part by part, fetched and compared."""
