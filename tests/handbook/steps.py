"""What a walk does beside typing what the manual says, by the manual's own words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handbook.walk import Here, Walk

Step = Callable[["Walk", "Here"], object]


@dataclass
class Steps:
    """What is to be done at a command, or at a block by its first line, beside what it says."""

    at: dict[tuple[str, str], Step] = field(default_factory=dict)
    # Exit statuses other than 0 that are right.
    statuses: dict[str, int] = field(default_factory=dict)
    # Commands that are not run, and why.
    exceptions: dict[str, str] = field(default_factory=dict)
    # What stands in for a blank, or for somebody else's machine.
    blanks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *chapters: "Steps") -> "Steps":
        """Those of several chapters."""
        merged = cls()
        for chapter in chapters:
            for name, known in vars(chapter).items():
                mine = getattr(merged, name)
                assert not mine.keys() & known.keys(), name
                mine.update(known)
        return merged

    def __call__(self, text: str, section: str = "") -> Callable[[Step], Step]:
        def keep(step: Step) -> Step:
            assert (section, text) not in self.at
            self.at[section, text] = step
            return step

        return keep
