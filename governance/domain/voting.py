"""How votes are counted: who takes part, whether there are enough, and whether it is carried."""

from collections.abc import Iterable
from dataclasses import dataclass

FOR, AGAINST, ABSTAIN = "for", "against", "abstain"


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of those who were called and still are members. `waiting` have not answered, `left` count no more.

    `quorum` is how many must answer; None asks for no number, but somebody must.
    """

    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    waiting: int = 0
    left: int = 0
    quorum: int | None = None

    @property
    def answered(self) -> int:
        """How many took part; who abstains does so too."""
        return self.votes_for + self.votes_against + self.abstained

    @property
    def members(self) -> int:
        """How many could take part."""
        return self.answered + self.waiting

    @property
    def needed(self) -> int:
        """How many must take part: the quorum, or all who are left where they are fewer; one at least."""
        return max(1, min(self.quorum or 1, self.members))

    @property
    def has_quorum(self) -> bool:
        """Whether enough took part."""
        return self.answered >= self.needed

    @property
    def is_carried(self) -> bool:
        """Whether more said yes than no, by quorum. A tie is not carried, and neither is what all abstain from."""
        return self.has_quorum and self.votes_for > self.votes_against

    @property
    def is_settled(self) -> bool:
        """Whether nobody who has not answered could turn it any more."""
        return self.has_quorum and abs(self.votes_for - self.votes_against - 0.5) > self.waiting


def count(seats: Iterable[tuple[str, bool]], quorum: int | None) -> Tally:
    """The tally of `seats`: what each says ("" has not answered), and whether they left."""
    here: list[str] = []
    left = 0
    for choice, has_left in seats:
        if has_left:
            left += 1
        else:
            here.append(choice)
    return Tally(
        votes_for=here.count(FOR),
        votes_against=here.count(AGAINST),
        abstained=here.count(ABSTAIN),
        waiting=sum(not each for each in here),
        left=left,
        quorum=quorum,
    )
