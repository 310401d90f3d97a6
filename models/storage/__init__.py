"""S3: presigned URLs, which need no request, and the adapter for what does."""
