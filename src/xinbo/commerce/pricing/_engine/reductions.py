"""Step 3: full reductions, each line in one of them at most, so that most is saved."""

from collections.abc import Callable, Sequence
from itertools import permutations

from xinbo.commerce.pricing._engine.work import Work, why, why_reached, why_short, worth
from xinbo.commerce.pricing._types import WHOLE, Rule, WhyCode

MOST_NODES = 63
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

    It starts from the best order of rules in which each takes all that is still free, and tries
    what lies near it first. It is exact unless it runs out of `MOST_NODES`: with two rules, for
    six such lines at least. Nodes are counted and not time, so every machine gives one answer.
    """

    def __init__(
        self,
        work: Work,
        rules: Sequence[Rule],
        fixed: Sequence[Sequence[int]],
        contested: Sequence[tuple[int, list[int]]],
    ) -> None:
        self.offs = [_curve(rule) for rule in rules]
        self.lines = [(work.left[n], work.pieces[n], wanted) for n, wanted in contested]
        self.fixed = [(work.sum_left(among), work.sum_pieces(among)) for among in fixed]
        self.nodes = 0
        self.saving = -1
        self.best: list[int] = []
        wanted = sorted({r for _, _, by in self.lines for r in by})
        orders = permutations(wanted) if len(wanted) <= MOST_ORDERED else [tuple(wanted)]
        for order in orders:
            self._try(order)
        self.path = list(self.best)
        # As if every rule had all the lines it wants: what no assignment can exceed.
        self.amounts = [amount for amount, _ in self.fixed]
        self.pieces = [pieces for _, pieces in self.fixed]
        for amount, pieces, by in self.lines:
            for r in by:
                self.amounts[r] += amount
                self.pieces[r] += pieces
        self.now = [
            off(amount, pieces)
            for off, amount, pieces in zip(self.offs, self.amounts, self.pieces, strict=True)
        ]
        if (bound := sum(self.now)) > self.saving:
            self._descend(0, bound)

    def _try(self, order: Sequence[int]) -> None:
        rank = {r: place for place, r in enumerate(order)}
        path = [min(by, key=rank.__getitem__) for _, _, by in self.lines]
        sums = [list(each) for each in self.fixed]
        for (amount, pieces, _), r in zip(self.lines, path, strict=True):
            sums[r][0] += amount
            sums[r][1] += pieces
        saving = sum([off(*each) for off, each in zip(self.offs, sums, strict=True)])
        if saving > self.saving:
            self.saving, self.best = saving, path

    def _descend(self, depth: int, bound: int) -> None:
        """Decide the line at `depth`: taken from every rule that wants it but one."""
        if depth == len(self.lines):
            self.saving, self.best = bound, list(self.path)
            return
        self.nodes += 1
        if self.nodes > MOST_NODES:
            return
        amount, pieces, by = self.lines[depth]
        without = {r: self.offs[r](self.amounts[r] - amount, self.pieces[r] - pieces) for r in by}
        lost = bound - sum([self.now[r] - without[r] for r in by])
        first = self.path[depth]
        for winner in by if first == by[0] else (first, *[r for r in by if r != first]):
            found = lost + self.now[winner] - without[winner]
            if found <= self.saving:
                continue
            losers = [(r, self.now[r]) for r in by if r != winner]
            for r, _ in losers:
                self.amounts[r] -= amount
                self.pieces[r] -= pieces
                self.now[r] = without[r]
            self.path[depth] = winner
            self._descend(depth + 1, found)
            for r, off in losers:
                self.amounts[r] += amount
                self.pieces[r] += pieces
                self.now[r] = off
        self.path[depth] = first


def _curve(rule: Rule) -> Callable[[int, int], int]:
    """Return `worth(rule, amount, pieces).off` as a function that is quick to ask again."""
    tiers = [
        (
            tier.at_least_amount,
            tier.at_least_pieces,
            tier.off,
            tier.rate,
            rule.repeat and bool(tier.at_least_amount or tier.at_least_pieces),
        )
        for tier in rule.tiers
    ]
    most = rule.most

    def off(amount: int, pieces: int) -> int:
        best = 0
        for at_amount, at_pieces, once, rate, repeat in tiers:
            if amount < at_amount or pieces < at_pieces:
                continue
            if not once:
                found = amount - amount * rate // WHOLE
            elif not repeat:
                found = once
            else:
                by_amount = amount // at_amount if at_amount else pieces
                by_pieces = pieces // at_pieces if at_pieces else by_amount
                found = once * min(by_amount, by_pieces)
            best = max(best, found)
        best = min(best, amount)
        return best if most is None else min(best, most)

    return off
