import type { Show, ShowStatus } from "@xinbo/api";

const RANK: Record<ShowStatus, number> = { live: 0, rehearsal: 1, scheduled: 2, draft: 3, ended: 4, replay: 4 };

/** What needs someone first stands first: on air, in rehearsal, coming (soonest first), drafts, then what was. */
export function byUrgency(shows: readonly Show[]): Show[] {
  return [...shows].sort((a, b) => {
    if (RANK[a.status] !== RANK[b.status]) return RANK[a.status] - RANK[b.status];
    if (a.status === "scheduled") return (a.startsAt ?? "").localeCompare(b.startsAt ?? "");
    return (b.endedAt ?? b.id).localeCompare(a.endedAt ?? a.id);
  });
}
