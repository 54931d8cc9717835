"""The API contract, the same everywhere: errors, strict input, query parameters, paging, conditional GET; and how
queries that are asked at every request are asked (`prepared`, `statements`).

The lowest layer of the house: it imports Django and DRF only, and has no models.
"""
