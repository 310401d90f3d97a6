"""The playground: GraphiQL's files, its page and its routes."""
