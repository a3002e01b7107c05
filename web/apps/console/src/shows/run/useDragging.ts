/** Dragging a cue along the time line, or its end: by mouse, pen or finger, to whole minutes. */
import { shallowRef } from "vue";

import { snap, type RunCue } from "./timeline";

export interface Drag {
  id: string;
  what: "move" | "resize";
  begin: number;
  minutes: number;
}

/** Pixels that a pointer may tremble before a press becomes a drag. */
const STILL = 4;

export function useDragging(scale: () => number, done: (drag: Drag) => void) {
  const drag = shallowRef<Drag | null>(null);

  function down(event: PointerEvent, cue: RunCue, what: Drag["what"]): void {
    if (event.button !== 0) return;
    const from = event.clientX;
    const target = event.currentTarget as HTMLElement;
    let moving = false;
    const slide = ({ clientX }: PointerEvent) => {
      if (!moving && Math.abs(clientX - from) < STILL) return;
      if (!moving) target.setPointerCapture(event.pointerId);
      moving = true;
      const by = (clientX - from) / scale();
      drag.value = what === "move" ? { id: cue.id, what, begin: snap(cue.begin + by), minutes: cue.minutes } : { id: cue.id, what, begin: cue.begin, minutes: Math.max(1, Math.round(cue.minutes + by)) };
    };
    const stop = (commit: boolean) => () => {
      removeEventListener("pointermove", slide);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", give);
      removeEventListener("keydown", escape);
      const last = drag.value;
      drag.value = null;
      if (commit && last && (last.begin !== cue.begin || last.minutes !== cue.minutes)) done(last);
    };
    const drop = stop(true);
    const give = stop(false);
    const escape = (press: KeyboardEvent) => press.key === "Escape" && give();
    addEventListener("pointermove", slide);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", give);
    addEventListener("keydown", escape);
  }

  return { drag, down };
}
