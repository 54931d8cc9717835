"""What endpoints of one campaign have in common that are about its sheets."""

from accounts import scopes
from campaigns.endpoint import CampaignEndpoint
from contract.refusals import NotVisible
from sheets import lines


class ChronicleEndpoint(CampaignEndpoint):
    """None is there where the lines are switched off."""

    read_scope = scopes.SHEETS_READ
    write_scope = scopes.SHEETS_WRITE

    def find(self) -> None:
        super().find()
        if not lines.enabled():
            raise NotVisible
