"""What is deployed: the packages, the functions in them, and the template of the stack."""
