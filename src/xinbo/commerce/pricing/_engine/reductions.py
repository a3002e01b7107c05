"""Step 3: full reductions, each line in one of them at most, so that most is saved."""

from collections.abc import Sequence
from itertools import permutations

from xinbo.commerce.pricing._engine.work import Work, why, why_reached, why_short, worth
from xinbo.commerce.pricing._types import Rule, WhyCode

MOST_NODES = 400
"""Partial assignments that are looked at. Past it the best one found so far stands."""
MOST_ORDERED = 4
"""Rules whose every order is tried first; of more, only the order of their ids."""


def full_reductions(work: Work, rules: Sequence[Rule]) -> None:
    """Give every line to the full reduction that makes the whole basket cheapest."""
    scopes = [(rule, work.covered(rule, work.open)) for rule in rules]
    scopes = [(rule, among) for rule, among in scopes if among and rule.tiers]
    if not scopes:
        return
    chosen = _choose(work, scopes)
    left = list(work.left)
    for (rule, scope), among in zip(scopes, chosen, strict=True):
        amount, pieces = sum([left[n] for n in among]), work.sum_pieces(among)
        found = worth(rule, amount, pieces)
        if found.off:
            work.take(rule, found.off, among)
            work.hold(rule, among)
            reason = why_reached(rule, found, amount, pieces)
            work.tell(rule, found.off, reason, among)
            continue
        amount, pieces = sum([left[n] for n in scope]), work.sum_pieces(scope)
        better = worth(rule, amount, pieces).off
        reason = why(WhyCode.BETTER) if better else why_short(rule, amount, pieces)
        work.tell(rule, 0, reason, scope)


def _choose(work: Work, scopes: Sequence[tuple[Rule, list[int]]]) -> list[list[int]]:
    """Return for each rule the lines that take part in it."""
    by_line: dict[int, list[int]] = {}
    for r, (_, among) in enumerate(scopes):
        for n in among:
            by_line.setdefault(n, []).append(r)
    chosen: list[list[int]] = [[] for _ in scopes]
    contested: list[tuple[int, list[int]]] = []
    for n in sorted(by_line):
        if len(by_line[n]) == 1:
            chosen[by_line[n][0]].append(n)
        else:
            contested.append((n, by_line[n]))
    if contested:
        contested.sort(key=lambda each: (-work.left[each[0]], each[0]))
        search = _Search(work, [rule for rule, _ in scopes], chosen, contested)
        for (n, _), r in zip(contested, search.best, strict=True):
            chosen[r].append(n)
        for among in chosen:
            among.sort()
    return chosen


class _Search:
    """Branch and bound over the lines that several rules want, the dearest first.

    It starts from the best order of rules in which each takes all that is still free, and is
    exact unless it runs out of `MOST_NODES`, which a basket of ordinary size does not. The count
    is of nodes, not of time, so the answer is the same on every machine.
    """

    def __init__(
        self,
        work: Work,
        rules: Sequence[Rule],
        fixed: Sequence[Sequence[int]],
        contested: Sequence[tuple[int, list[int]]],
    ) -> None:
        self.rules = rules
        self.lines = [(work.left[n], work.pieces[n], wanted) for n, wanted in contested]
        self.amounts = [work.sum_left(among) for among in fixed]
        self.pieces = [work.sum_pieces(among) for among in fixed]
        self.nodes = 0
        self.path: list[int] = []
        self.best: list[int] = []
        self.saving = -1
        wanted = sorted({r for _, _, by in self.lines for r in by})
        orders = permutations(wanted) if len(wanted) <= MOST_ORDERED else [tuple(wanted)]
        for order in orders:
            self._try(order)
        self._descend(0)

    def _try(self, order: Sequence[int]) -> None:
        rank = {r: place for place, r in enumerate(order)}
        path = [min(by, key=rank.__getitem__) for _, _, by in self.lines]
        amounts, pieces = list(self.amounts), list(self.pieces)
        for (amount, count, _), r in zip(self.lines, path, strict=True):
            amounts[r] += amount
            pieces[r] += count
        saving = self._worth(amounts, pieces)
        if saving > self.saving:
            self.saving, self.best = saving, path

    def _worth(self, amounts: Sequence[int], pieces: Sequence[int]) -> int:
        return sum(
            [
                worth(rule, amount, count).off
                for rule, amount, count in zip(self.rules, amounts, pieces, strict=True)
            ]
        )

    def _bound(self, depth: int) -> int:
        """Return what no assignment of the remaining lines can exceed: as if each had them all."""
        amounts, pieces = list(self.amounts), list(self.pieces)
        for amount, count, by in self.lines[depth:]:
            for r in by:
                amounts[r] += amount
                pieces[r] += count
        return self._worth(amounts, pieces)

    def _descend(self, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES or self._bound(depth) <= self.saving:
            return
        if depth == len(self.lines):
            self.saving, self.best = self._worth(self.amounts, self.pieces), list(self.path)
            return
        amount, count, by = self.lines[depth]
        for r in by:
            self.amounts[r] += amount
            self.pieces[r] += count
            self.path.append(r)
            self._descend(depth + 1)
            self.path.pop()
            self.amounts[r] -= amount
            self.pieces[r] -= count
