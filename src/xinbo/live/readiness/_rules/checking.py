"""What stands between a show and its start: findings over a snapshot. No I/O."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from xinbo.live.readiness._rules.planned import (
    CheckKind,
    Fact,
    Finding,
    Link,
    PlannedCue,
    Severity,
    Snapshot,
    Window,
)

ENOUGH_AGENTS = 2


def ready(found: Sequence[Finding], waived: Collection[str] = ()) -> bool:
    """Say whether nothing stands in the way that nobody has waived."""
    return not any(
        each.severity is Severity.BLOCK and not (each.waivable and each.key in waived)
        for each in found
    )


def findings(seen: Snapshot) -> list[Finding]:
    """Look at everything: what blocks first, then warnings, then what is in order.

    A show without a run-of-show is not blocked by its plan: what would block only warns.
    """
    found: list[Finding] = []
    for kind, (link, look) in CHECKS.items():
        own = list(look(seen))
        found += own or [Finding(kind, Severity.OK, link, {})]
    if not seen.cues:
        found = [
            each._replace(severity=Severity.WARN)
            if each.severity is Severity.BLOCK and each.waivable
            else each
            for each in found
        ]
    return sorted(found, key=lambda each: SEVERITIES.index(each.severity))


SEVERITIES = list(Severity)


def _block(kind: CheckKind, link: Link, about: UUID | None, **facts: Fact) -> Finding:
    return Finding(kind, Severity.BLOCK, link, facts, about)


def _warn(kind: CheckKind, link: Link, **facts: Fact) -> Finding:
    return Finding(kind, Severity.WARN, link, facts)


def _line_up(seen: Snapshot) -> Iterator[Finding]:
    if not seen.items:
        found = _block(CheckKind.LINE_UP, Link.SHOW, None)
        yield found._replace(waivable=False)


def _on_sale(seen: Snapshot) -> Iterator[Finding]:
    for item in seen.items:
        if not item.on_sale:
            yield _block(CheckKind.ON_SALE, Link.PRODUCT, item.product_id, product=item.title)


def _stock_target(seen: Snapshot) -> Iterator[Finding]:
    """Compare what the cues mean to sell with what there is, product by product."""
    items = {item.product_id: item for item in seen.items}
    targets: dict[UUID, int] = {}
    for cue in seen.cues:
        product_id = cue.product_id
        if product_id is not None and product_id in items and cue.target is not None:
            targets[product_id] = targets.get(product_id, 0) + cue.target
    for product_id, target in targets.items():
        item = items[product_id]
        if item.pieces < target:
            yield _block(
                CheckKind.STOCK_TARGET,
                Link.SHOW,
                product_id,
                product=item.title,
                target=target,
                stock=item.pieces,
            )


def _stock_short(seen: Snapshot) -> Iterator[Finding]:
    """Find what is set aside on paper and not there: going live would be refused."""
    for item in seen.items:
        for sku in item.skus:
            if sku.set_aside is not None and sku.set_aside > sku.spare:
                found = _block(
                    CheckKind.STOCK_SHORT,
                    Link.STOCK,
                    sku.sku_id,
                    product=item.title,
                    sku=sku.name,
                    wanted=sku.set_aside,
                    stock=sku.spare,
                )
                yield found._replace(waivable=False)


def _promotion_window(seen: Snapshot) -> Iterator[Finding]:
    """Find cues whose promotion could not run when they begin.

    A draft begins with its cue; one that is announced or runs keeps its own window.
    """
    for cue in seen.cues:
        if cue.promotion_id is None:
            continue
        at = seen.begins_at + timedelta(minutes=cue.begins)
        window = seen.windows.get(cue.promotion_id)
        why = "gone" if window is None else _outside(window, at)
        if why:
            yield _block(
                CheckKind.PROMOTION_WINDOW,
                Link.PROMOTION,
                cue.promotion_id,
                why=why,
                cue=cue.title,
                cue_id=str(cue.id),
                promotion=window.name if window else "",
                at=at.isoformat(),
                start=window.starts_at.isoformat() if window else None,
                end=window.ends_at.isoformat() if window and window.ends_at else None,
            )


def _outside(window: Window, at: datetime) -> str:
    if window.state == "ended":
        return "ended"
    if not window.here:
        return "elsewhere"
    if window.state == "draft":
        return ""
    if at < window.starts_at:
        return "early"
    return "late" if window.ends_at is not None and at >= window.ends_at else ""


def _claim_evidence(seen: Snapshot) -> Iterator[Finding]:
    for cue in seen.cues:
        bare = [text for text, evidence in cue.claims if not evidence.strip()]
        if bare:
            yield _block(
                CheckKind.CLAIM_EVIDENCE,
                Link.RUN,
                cue.id,
                cue=cue.title,
                claim=bare[0],
                count=len(bare),
            )


def _forbidden_words(seen: Snapshot) -> Iterator[Finding]:
    for cue in seen.cues:
        spoken = cue.spoken.casefold()
        said = [word for word in cue.forbidden if word.strip() and word.casefold() in spoken]
        if said:
            yield Finding(
                CheckKind.FORBIDDEN_WORDS,
                Severity.WARN,
                Link.RUN,
                {"cue": cue.title, "word": said[0], "count": len(said)},
                cue.id,
            )


def _cue_overlap(seen: Snapshot) -> Iterator[Finding]:
    """Find cues that begin before one that began earlier is over. Touching is in order."""
    standing = sorted(seen.cues, key=lambda cue: cue.begins)
    longest: PlannedCue | None = None
    for cue in standing:
        if longest is not None and cue.begins < _end(longest):
            yield _block(
                CheckKind.CUE_OVERLAP,
                Link.RUN,
                cue.id,
                cue=cue.title,
                other=longest.title,
                minutes=min(_end(longest), _end(cue)) - cue.begins,
            )
        if longest is None or _end(cue) > _end(longest):
            longest = cue


def _end(cue: PlannedCue) -> int:
    return cue.begins + cue.minutes


def _cues_length(seen: Snapshot) -> Iterator[Finding]:
    end = max(map(_end, seen.cues), default=0)
    if end > seen.planned_minutes:
        yield _warn(CheckKind.CUES_LENGTH, Link.RUN, minutes=end, planned=seen.planned_minutes)


def _host_check(seen: Snapshot) -> Iterator[Finding]:
    if not seen.host_checked:
        yield _block(CheckKind.HOST_CHECK, Link.KIT, None)


def _hero_prepared(seen: Snapshot) -> Iterator[Finding]:
    for item in seen.items:
        if item.hero and item.product_id not in seen.prepared:
            yield _block(
                CheckKind.HERO_PREPARED, Link.CONTINGENCY, item.product_id, product=item.title
            )


def _risks(seen: Snapshot) -> Iterator[Finding]:
    if not seen.risks:
        yield _warn(CheckKind.RISKS, Link.CONTINGENCY)


def _backup_host(seen: Snapshot) -> Iterator[Finding]:
    if not seen.backup_host:
        yield _warn(CheckKind.BACKUP_HOST, Link.LIVE)


def _service(seen: Snapshot) -> Iterator[Finding]:
    if seen.agents < ENOUGH_AGENTS:
        yield _warn(CheckKind.SERVICE, Link.LIVE, agents=seen.agents, enough=ENOUGH_AGENTS)


def _checklist(seen: Snapshot) -> Iterator[Finding]:
    if seen.open_items:
        yield _warn(CheckKind.CHECKLIST, Link.CHECKLIST, count=seen.open_items, all=seen.all_items)


def _pictures(seen: Snapshot) -> Iterator[Finding]:
    if not seen.pictures:
        yield _warn(CheckKind.PICTURES, Link.LIVE)


CHECKS: Mapping[CheckKind, tuple[Link, Callable[[Snapshot], Iterator[Finding]]]] = {
    CheckKind.LINE_UP: (Link.SHOW, _line_up),
    CheckKind.STOCK_SHORT: (Link.STOCK, _stock_short),
    CheckKind.ON_SALE: (Link.PRODUCT, _on_sale),
    CheckKind.STOCK_TARGET: (Link.SHOW, _stock_target),
    CheckKind.PROMOTION_WINDOW: (Link.PROMOTION, _promotion_window),
    CheckKind.CLAIM_EVIDENCE: (Link.RUN, _claim_evidence),
    CheckKind.CUE_OVERLAP: (Link.RUN, _cue_overlap),
    CheckKind.HERO_PREPARED: (Link.CONTINGENCY, _hero_prepared),
    CheckKind.HOST_CHECK: (Link.KIT, _host_check),
    CheckKind.FORBIDDEN_WORDS: (Link.RUN, _forbidden_words),
    CheckKind.CUES_LENGTH: (Link.RUN, _cues_length),
    CheckKind.RISKS: (Link.CONTINGENCY, _risks),
    CheckKind.BACKUP_HOST: (Link.LIVE, _backup_host),
    CheckKind.SERVICE: (Link.LIVE, _service),
    CheckKind.CHECKLIST: (Link.CHECKLIST, _checklist),
    CheckKind.PICTURES: (Link.LIVE, _pictures),
}
