/** A playbook being written: texts as they stand in the fields, and what goes to the server. */
import { newKey } from "@xinbo/api";

import type { IncidentKind, Part, Playbook, PutPlaybook, StepAction } from "./calls";

export interface StepDraft {
  key: string;
  /** The house's own word for it, and its words as the page showed them: untouched, it stays the house's. */
  word: string | null;
  shown: string;
  text: string;
  part: Part;
  action: StepAction | "";
  seconds: string;
  message: string;
}
export interface BookDraft {
  word: string | null;
  shown: string;
  title: string;
  kind: IncidentKind;
  steps: StepDraft[];
}

export const newStep = (): StepDraft => ({ key: newKey(), word: null, shown: "", text: "", part: "control", action: "", seconds: "30", message: "" });

export function draftOf(book: Playbook | null, words: { title: (book: Playbook) => string; step: (step: Playbook["steps"][number]) => string }): BookDraft {
  if (!book) return { word: null, shown: "", title: "", kind: "other", steps: [newStep()] };
  const shown = words.title(book);
  return {
    word: book.word,
    shown,
    title: shown,
    kind: book.kind,
    steps: book.steps.map((step) => ({ key: newKey(), word: step.word, shown: words.step(step), text: words.step(step), part: step.part, action: step.action ?? "", seconds: String(step.seconds ?? 30), message: step.message })),
  };
}

/** Which fields are wrong: `title`, or the place of a step without words. */
export function faultsOf(draft: BookDraft): (number | "title")[] {
  return [...(draft.title.trim() ? [] : (["title"] as const)), ...draft.steps.flatMap((step, at) => (step.text.trim() ? [] : [at]))];
}

export function putOf(draft: BookDraft, version: number | null): PutPlaybook {
  return {
    kind: draft.kind,
    title: draft.title.trim(),
    word: draft.title === draft.shown ? draft.word : null,
    version,
    steps: draft.steps.map((step) => ({ word: step.text === step.shown ? step.word : null, text: step.text.trim(), part: step.part, action: step.action || null, seconds: step.action === "slow_mode" ? secondsOf(step.seconds) : null, message: step.message.trim() })),
  };
}

/** Seconds between two messages, within what the server takes. */
export function secondsOf(text: string): number {
  const seconds = Math.round(Number(text));
  return Number.isFinite(seconds) ? Math.min(600, Math.max(1, seconds)) : 30;
}

export function movedStep<T>(steps: readonly T[], at: number, by: -1 | 1): T[] {
  const next = [...steps];
  const [step] = next.splice(at, 1);
  if (step !== undefined) next.splice(at + by, 0, step);
  return next;
}
