"""Plans, cursors and the walk over indexes, against an oracle."""
