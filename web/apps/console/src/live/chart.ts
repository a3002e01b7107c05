/** The chart's numbers: ten-second points gathered into minutes, and the marks that stand on them. */
import type { Chart, ChartMark } from "@console/types";

export interface ChartRow {
  /** Start of the minute, milliseconds since 1970. */
  at: number;
  /** Most viewers at once in that minute. */
  online: number;
  orders: number;
  gmvPaid: number;
  messages: number;
}

export const MINUTE = 60_000;

/** Minutes without gaps from the first point to the last: a minute in which nothing sold is a fact too. */
export function minutesOf({ points }: Pick<Chart, "points">): ChartRow[] {
  const rows = new Map<number, ChartRow>();
  for (const point of points) {
    const at = Math.floor(new Date(point.at).getTime() / MINUTE) * MINUTE;
    const row = rows.get(at) ?? { at, online: 0, orders: 0, gmvPaid: 0, messages: 0 };
    row.online = Math.max(row.online, point.online);
    row.orders += point.orders;
    row.gmvPaid += point.gmvPaid;
    row.messages += point.messages;
    rows.set(at, row);
  }
  const times = [...rows.keys()];
  if (times.length === 0) return [];
  const all: ChartRow[] = [];
  for (let at = Math.min(...times); at <= Math.max(...times); at += MINUTE) all.push(rows.get(at) ?? { at, online: 0, orders: 0, gmvPaid: 0, messages: 0 });
  return all;
}

export interface ChartName {
  kind: string;
  at: number;
  text: string;
}

/**
 * The marks with words: cues by their title, pins by their product. A pin together with its cue is
 * one event; unknown ids are of plans since rewritten and say nothing.
 */
export function namedMarks(marks: readonly ChartMark[], names: ReadonlyMap<string, string>, words: (kind: string) => string): ChartName[] {
  const named = marks.map(({ at, kind, label }) => ({ kind, at: new Date(at).getTime(), text: kind === "pin" || kind === "cue" ? (names.get(label) ?? "") : words(kind === "video" ? `video.${label}` : kind) }));
  return named.filter(({ kind, at, text }) => text !== "" && !(kind === "pin" && named.some((other) => other.kind === "cue" && Math.abs(other.at - at) < 2000)));
}

/** A round top for an axis from zero, with the step between its lines: three or four of them, never crowded. */
export function roundTop(most: number, least: number): { max: number; step: number } {
  const wanted = Math.max(most * 1.1, least) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((times) => times * power).find((each) => each >= wanted) ?? 10 * power);
  const whole = Math.ceil(step);
  return { max: whole * Math.ceil(Math.max(most * 1.05, least) / whole), step: whole };
}
