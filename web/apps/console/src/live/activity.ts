/** What happened in the show, newest first: orders, pins, cues, the picture, the show itself. */
import { shallowRef } from "vue";

export type ActivityKind = "ordered" | "pin" | "cue" | "video" | "show" | "room" | "act";

export interface Activity {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  kind: ActivityKind;
  text: string;
  simulated?: boolean;
}

const KEPT = 120;

export function useActivity() {
  const feed = shallowRef<Activity[]>([]);
  let last = 0;

  function note(kind: ActivityKind, text: string, at = Date.now(), simulated = false): void {
    if (!text) return;
    const entry: Activity = { id: ++last, at, kind, text, simulated };
    feed.value = [entry, ...feed.value].sort((a, b) => b.at - a.at || b.id - a.id).slice(0, KEPT);
  }
  return { feed, note };
}
