/** Undo and redo over whole states: what is kept is what was, not how it was changed. */

export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  /** What the last step was about; the next one about the same joins it, as typing does. */
  about: string;
}

/** Steps that can be undone. */
const MOST = 200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], about: "" });

/** A new step. `about` is empty for a step that stands for itself. */
export function step<T>(history: History<T>, now: T, about = ""): History<T> {
  if (now === history.now) return history;
  if (about && about === history.about) return { ...history, now, future: [] };
  return { past: [...history.past, history.now].slice(-MOST), now, future: [], about };
}

/** The next step is a new one, whatever it is about. */
export const rest = <T>(history: History<T>): History<T> => ({ ...history, about: "" });

export function undo<T>(history: History<T>): History<T> {
  const was = history.past.at(-1);
  return was === undefined ? history : { past: history.past.slice(0, -1), now: was, future: [history.now, ...history.future], about: "" };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  return next === undefined ? history : { past: [...history.past, history.now], now: next, future, about: "" };
}
