"""Evaluations through the API: on moto, with the real worker and a stand-in Hub."""
