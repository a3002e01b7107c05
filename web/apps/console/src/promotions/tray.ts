/** The promotions of one show as its tray shows them, and what begins one now. */
import type { Promotion, PutPromotion } from "@console/types";

import { everywhere } from "./draft";

const RANK: Record<Promotion["state"], number> = { running: 0, scheduled: 1, draft: 2, ended: 3 };

/** Those that hold in the show: its own and the whole shop's; running first, the first to end on top. */
export function trayOf(all: readonly Promotion[], showId: string): Promotion[] {
  const here = all.filter(({ venueId, state }) => (venueId === showId || venueId === everywhere) && state !== "ended" && (state !== "draft" || venueId === showId));
  const when = (each: Promotion) => (each.state === "running" ? (each.endsAt ?? "9") : each.startsAt);
  return here.sort((a, b) => RANK[a.state] - RANK[b.state] || when(a).localeCompare(when(b)) || a.id.localeCompare(b.id));
}

/** Pieces of the promotion's own stock that are gone, and how many there were; null: it has none. */
export function soldOf({ items }: Promotion): { sold: number; given: number } | null {
  const stocked = items.filter((each) => each.stock !== null && each.left !== null);
  if (!stocked.length) return null;
  const given = stocked.reduce((sum, each) => sum + (each.given ?? each.stock ?? 0), 0);
  return { given, sold: given - stocked.reduce((sum, each) => sum + (each.left ?? 0), 0) };
}

const MINUTE_MS = 60_000;

/** The same promotion, from now on; one whose end would be over lasts as long as it was to. */
export function fromNow(promotion: Promotion, nowMs: number): PutPromotion {
  const { name, venueId, startsAt, endsAt, rule, items, version } = promotion;
  const lasts = endsAt === null ? null : Date.parse(endsAt) - Date.parse(startsAt);
  return {
    name, venueId, rule, version,
    startsAt: new Date(nowMs).toISOString(),
    endsAt: lasts === null ? null : new Date(nowMs + Math.max(MINUTE_MS, lasts)).toISOString(),
    items: items.map(({ skuId, price, stock, perPerson, deposit, worth, floor }) => ({ skuId, price, stock, perPerson, deposit, worth, floor })),
  };
}

/** Its end so many minutes later; null where it has none. */
export const later = ({ endsAt }: Promotion, minutes: number): string | null => (endsAt === null ? null : new Date(Date.parse(endsAt) + minutes * MINUTE_MS).toISOString());
