"""The people and groups of the demo."""

from __future__ import annotations

from dataclasses import dataclass

SALES, FINANCE, OPERATIONS = "Sales", "Finance", "Operations"
GROUPS = (SALES, FINANCE, OPERATIONS)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can sign in to the demo. The password is no secret: it opens nothing else."""

    username: str
    first_name: str
    last_name: str
    groups: tuple[str, ...] = ()
    is_staff: bool = False

    @property
    def password(self) -> str:
        return f"demo-{self.username}"

    @property
    def part(self) -> str:
        """What this person is there to show."""
        groups = " and ".join(self.groups)
        if self.is_staff:
            return f"administrator, also in {groups}"
        return f"in {groups}" if groups else "in no group: sees what is for everyone"


ANNA = Person("anna", "Anna", "Berg", (OPERATIONS,), is_staff=True)
BEN = Person("ben", "Ben", "Costa", (SALES,))
CHLOE = Person("chloe", "Chloe", "Diaz", (FINANCE,))
DAN = Person("dan", "Dan", "Evans")
CAST = (ANNA, BEN, CHLOE, DAN)
