"""What is started anew each time: it runs with the packages' Python, and imports nothing of ours.

Only `open_door` does, of which `graph` is then the packaged one.
"""
