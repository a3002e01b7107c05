/** What a prompter makes of a text and of time. */

/** Lines to be read, empty ones left out. */
export const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);

export interface Part {
  text: string;
  /** A word that may not be said. */
  banned: boolean;
}

/** Split a line at the forbidden words in it, so that they can be marked. */
export function partsOf(line: string, forbidden: readonly string[]): Part[] {
  const words = forbidden.filter(Boolean).sort((a, b) => b.length - a.length);
  if (!words.length) return [{ text: line, banned: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  const banned = new Set(words.map((word) => word.toLowerCase()));
  return line.split(pattern).filter(Boolean).map((text) => ({ text, banned: banned.has(text.toLowerCase()) }));
}

/** Seconds of a cue that are left; negative: overrun. A rehearsal's clock may run faster. */
export function secondsLeft(cue: { startedAt: string | null; minutes: number } | null, nowMs: number, pace: number): number | null {
  if (!cue?.startedAt) return null;
  return cue.minutes * 60 - ((nowMs - Date.parse(cue.startedAt)) / 1000) * pace;
}

export const SIZES = [32, 44, 60, 80, 104] as const;

/** One step larger or smaller, within what there is. */
export function sized(size: number, step: 1 | -1): number {
  const at = SIZES.findIndex((each) => each === size);
  return SIZES[Math.min(SIZES.length - 1, Math.max(0, at + step))] ?? SIZES[2];
}
