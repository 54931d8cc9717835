"""The API contract, the same everywhere: errors, strict input, query parameters, paging, conditional GET.

The lowest layer of the house: it imports Django and DRF only, and has no models.
"""
