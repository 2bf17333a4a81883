"""`make fuzz` asks for this profile: other examples each time; what it finds is tried first the next time."""

from hypothesis import HealthCheck, settings

from tests.hostile.kinds import FUZZ

settings.register_profile(
    FUZZ, max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
