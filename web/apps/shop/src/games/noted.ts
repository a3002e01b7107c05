/** What this device keeps of a play while it runs, so that nothing published later can differ from it unseen. */
import type { EntryReceipt, GameCard } from "@xinbo/api";

export interface Noted {
  commitment?: string;
  listHash?: string;
  receipt?: EntryReceipt;
}

const KEPT = "xinbo.draws";
const MOST = 40;

function all(): [string, Noted][] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]") as unknown;
    return Array.isArray(kept) ? (kept as [string, Noted][]) : [];
  } catch {
    return [];
  }
}

/** What was noted of a play; empty where this device was not there. */
export const notedOf = (runId: string): Noted => all().find(([id]) => id === runId)?.[1] ?? {};

/** Note what is new of a play. What was noted first stays: a later value is what has to be compared. */
export function note(runId: string, fresh: Noted): void {
  const before = notedOf(runId);
  const after = { ...fresh, ...before, ...(fresh.receipt && { receipt: fresh.receipt }) };
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  try {
    localStorage.setItem(KEPT, JSON.stringify([...all().filter(([id]) => id !== runId), [runId, after]].slice(-MOST)));
  } catch {
    // Private windows may keep nothing; the draw can be checked without.
  }
}

/** Note what a card on the stage says. */
export function noteCard(card: GameCard): void {
  note(card.id, { commitment: card.commitment, ...(card.listHash && card.state === "closed" && { listHash: card.listHash }) });
}

/** 128 bits of one's own chance, in hexadecimal: they change the draw. */
export const newNonce = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
