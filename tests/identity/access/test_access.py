"""One table says what each role may do."""

from xinbo.engines.tx import STAFF, Role
from xinbo.identity.access import Can, allowed


def test_every_seat_sees_the_console_and_nobody_else_does() -> None:
    assert {role for role in Role if Can.SEE_CONSOLE in allowed(role)} == STAFF | {Role.SYSTEM}


def test_only_those_who_run_shows_may_publish_video() -> None:
    publishers = {role for role in Role if Can.PUBLISH_VIDEO in allowed(role)}
    assert publishers == {role for role in Role if Can.RUN_SHOWS in allowed(role)}
