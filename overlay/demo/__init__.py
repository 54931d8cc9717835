"""The demo: an original campaign of Troupe's own, written for it."""
