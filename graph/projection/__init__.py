"""Answers for objects that only show what they hold, by a plan that is made once per selection.

graphql-core resolves and completes every field of every object by itself, which is most of what a
page of a list costs. Where the fields are plain attributes, nothing of that depends on the object.
So `plan` says once per selection which attributes to read and how each becomes its answer, and
`columns` answers one field of all objects at once.

Whatever is unusual, such as a null for a field that has none or a value that does not fit its type,
is left to graphql-core, from the start of the object or of the list: its errors are the only ones.
"""

from graph.projection.executor import ProjectingExecutor, share_plans

__all__ = ["ProjectingExecutor", "share_plans"]
