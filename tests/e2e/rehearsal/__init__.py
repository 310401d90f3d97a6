"""A deployment on an emulated AWS, from the package to the removal: `python -m` this package."""
