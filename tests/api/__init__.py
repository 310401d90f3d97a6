"""The API as its clients see it, through each of its doors, on moto."""
