"""The client's methods, a class for each subject. `Client` has them all."""
