"""The use cases of the registry: what can be asked of models, and how they change."""
