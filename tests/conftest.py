"""What holds for all tests: no test may fail because the machine was busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("noisy-machines", deadline=None)
settings.load_profile("noisy-machines")
