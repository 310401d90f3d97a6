"""The domain and its storage: what a model is, how it changes, and how that is kept.

Nothing in here knows of GraphQL or HTTP; `graph` is built on top of it.
"""
