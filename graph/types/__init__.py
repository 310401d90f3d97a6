"""The GraphQL types, a file each."""
