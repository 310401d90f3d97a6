"""Whether what is stored is what was written: a model's history, its record and its files."""
