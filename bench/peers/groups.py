"""Names that a peer and the publisher share."""


def textbook(campaign: str) -> str:
    return f"textbook.{campaign}"
