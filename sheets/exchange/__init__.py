"""Sheets from and for other programs: Foundry's WoD5E, Progeny, Inconnu, and our own JSON. Pure.

A file is recognised by its content, because people send the wrong one. Whatever a file says that a sheet cannot be is a
remark, and the line's own beginning stands in its place.
"""
