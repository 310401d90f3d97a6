"""The REST routes, through both doors of the API."""
