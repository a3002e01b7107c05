/** The timer of a conversation: how long the oldest unanswered word waits, and whether it is late. */
import { clockText } from "@xinbo/ui";
import type { Talk } from "@xinbo/api";

export interface Timer {
  /** Seconds waited so far. */
  waited: number;
  /** Seconds past the aim; negative: left. */
  late: number;
  text: string;
  tone: "calm" | "soon" | "late";
}

const SOON_S = 20;

/** Null where nothing waits for an answer. */
export function timerOf(talk: Pick<Talk, "waitingSince" | "dueAt">, nowMs: number): Timer | null {
  if (!talk.waitingSince || !talk.dueAt) return null;
  const waited = Math.max(0, (nowMs - Date.parse(talk.waitingSince)) / 1000);
  const late = (nowMs - Date.parse(talk.dueAt)) / 1000;
  return { waited, late, text: clockText(waited), tone: late > 0 ? "late" : late > -SOON_S ? "soon" : "calm" };
}

/** The next one to take: whoever waits longest, and nobody has. */
export const nextOf = (talks: readonly Talk[]): Talk | undefined =>
  talks.filter(({ state }) => state === "waiting").sort((a, b) => (a.waitingSince ?? "").localeCompare(b.waitingSince ?? ""))[0];
