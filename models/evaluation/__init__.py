"""Evaluation: from a model's page to scores with evidence."""
