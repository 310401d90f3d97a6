"""REST, for jobs that have no GraphQL client: a table of routes, each of them GraphQL documents.

Nothing is decided here that the documents do not decide: names are translated, and GraphQL's errors
become statuses. docs/REST.md tells clients of it.
"""
