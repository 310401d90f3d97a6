"""The tests: unit/ mirrors the packages, storage/ runs the use cases against emulators."""
