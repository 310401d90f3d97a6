"""The API on one's own machine: an embedded AWS, its data kept on disk, and a local server."""
