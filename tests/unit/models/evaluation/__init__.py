"""The evaluation: what is read upstream, what the metrics make of it, and what is kept."""
