/** Rehearsals as pure functions: what minute it is, what is asked for, where things stand in the picture. */
import type { Begin, CrowdProfile, Drill, DrillKind, Rehearsal, Report } from "./types";

export const DRILLS = ["stream_down", "stock_out", "wrong_price", "host_absent", "hostile_chat"] as const satisfies readonly DrillKind[];
export const PROFILES = ["quiet", "usual", "rush", "past"] as const satisfies readonly CrowdProfile[];
export const SPEEDS = [1, 2, 5, 10, 30, 60, 120] as const;

/** Seconds of the show that have passed. */
export function showSeconds(rehearsal: Pick<Rehearsal, "beganAt" | "endedAt" | "speed">, now: number): number {
  const until = rehearsal.endedAt ? Date.parse(rehearsal.endedAt) : now;
  return Math.max(0, ((until - Date.parse(rehearsal.beganAt)) / 1000) * rehearsal.speed);
}

/** Seconds on the clock on the wall that so many minutes of the show take. */
export const wallSeconds = (minutes: number, speed: number): number => Math.round((minutes * 60) / speed);

/** What the set-up form holds; numbers as they are typed. */
export interface Draft {
  size: string;
  profile: CrowdProfile;
  pastShowId: string;
  speed: string;
  autopilot: boolean;
  /** A drill's minute as typed; empty: a surprise; missing: not wanted. */
  drills: Partial<Record<DrillKind, string>>;
}

export const MOST = 3000;

/** The command of a draft; null while something in it cannot be meant. */
export function begin(draft: Draft): Begin | null {
  const size = Number(draft.size);
  const drills = DRILLS.filter((kind) => draft.drills[kind] !== undefined).map((kind) => ({ kind, minute: minuteOf(draft.drills[kind] ?? "") }));
  const whole = Number.isInteger(size) && size >= 0 && size <= MOST && draft.size.trim() !== "";
  const past = draft.profile === "past";
  if (!whole || (past && !draft.pastShowId) || drills.some(({ minute }) => minute === undefined)) return null;
  return {
    speed: Number(draft.speed),
    autopilot: draft.autopilot,
    audience: { size, profile: draft.profile, pastShowId: past ? draft.pastShowId : null, seed: null },
    drills: drills.map(({ kind, minute }) => ({ kind, minute: minute ?? null, productId: null })),
  };
}

/** A minute as typed: null for none, undefined for what is no minute. */
export function minuteOf(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const minute = Number(text);
  return Number.isInteger(minute) && minute >= 0 && minute <= 1440 ? minute : undefined;
}

/** One bar of the picture: from and to in parts of the whole width. */
export interface Bar {
  key: string;
  label: string;
  from: number;
  to: number;
  tone: "plan" | "played" | "game" | "handled" | "missed" | "running";
}

/** The report as rows of bars: what was planned, what was played, games, drills. */
export function picture(report: Report, now: number, words: (kind: DrillKind) => string): { minutes: number; rows: { name: "plan" | "played" | "games" | "drills"; bars: Bar[] }[] } {
  const lasted = showSeconds(report.rehearsal, now) / 60;
  const minutes = Math.max(1, report.rehearsal.totalMinutes, lasted);
  const part = (minute: number) => Math.min(1, Math.max(0, minute / minutes));
  const started = report.cues.filter(({ startedMinute }) => startedMinute !== null).sort((a, b) => (a.startedMinute ?? 0) - (b.startedMinute ?? 0));
  const after = (drill: Drill, at: string | null) => (at && drill.beganAt ? drill.minute + ((Date.parse(at) - Date.parse(drill.beganAt)) / 60_000) * report.rehearsal.speed : null);
  return {
    minutes,
    rows: [
      { name: "plan", bars: report.cues.map((cue) => ({ key: cue.cueId, label: cue.title, from: part(cue.dueMinute), to: part(cue.dueMinute + cue.minutes), tone: "plan" })) },
      { name: "played", bars: started.map((cue, at) => ({ key: cue.cueId, label: cue.title, from: part(cue.startedMinute ?? 0), to: part(started[at + 1]?.startedMinute ?? Math.min(lasted, (cue.startedMinute ?? 0) + cue.minutes)), tone: "played" })) },
      { name: "games", bars: report.games.map((game) => ({ key: game.runId, label: game.title, from: part(game.startedMinute), to: part(game.endedMinute ?? lasted), tone: "game" })) },
      {
        name: "drills",
        bars: report.drills
          .filter(({ beganAt }) => beganAt !== null)
          .map((drill) => ({ key: drill.id, label: words(drill.kind), from: part(drill.minute), to: part(after(drill, drill.closedAt) ?? lasted), tone: drill.state === "handled" ? "handled" : drill.state === "missed" ? "missed" : "running" })),
      },
    ],
  };
}
