"""The fixtures of the guarded queue are those of the kit."""

from printhook_kit import empty_tray, room

__all__ = ["empty_tray", "room"]
