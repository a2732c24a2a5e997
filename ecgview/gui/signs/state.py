"""What is shown of signs: a part of the session's state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecgview.engine.signs.sign import Sign


@dataclass(frozen=True)
class SignsState:
    """Signs of the recording and leads shown.

    Attributes
    ----------
    found : tuple of Sign
        The gravest first; empty until they are looked for.
    dismissed : frozenset of str
        Sentences that the user has put away, for this recording.
    """

    found: tuple[Sign, ...] = ()
    dismissed: frozenset[str] = frozenset()

    @property
    def shown(self) -> tuple[Sign, ...]:
        """Those that were not put away."""
        return tuple(sign for sign in self.found if sign.message not in self.dismissed)

    def without(self, sign: Sign) -> SignsState:
        """Put one away."""
        return replace(self, dismissed=self.dismissed | {sign.message})
