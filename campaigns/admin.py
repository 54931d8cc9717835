"""The back office of campaigns. Importing these modules registers their admins."""

from campaigns.backoffice import campaign, episode, event, token, whole_trail

__all__ = ["campaign", "episode", "event", "token", "whole_trail"]
