"""Tests of single modules: a directory for each package, a file for each module."""
