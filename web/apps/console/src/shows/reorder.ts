/** Order by drag and by keys: the pure part, and the gestures of a handle. */
import { ref } from "vue";

/** The list with one thing at another place; places beyond the ends count as the ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [thing] = next.splice(from, 1);
  if (thing === undefined) return [...list];
  next.splice(Math.max(0, Math.min(to, next.length)), 0, thing);
  return next;
}

/** Where a key moves a thing in a list, or `null` if the key is about something else. */
export function keyTarget(key: string, at: number, length: number): number | null {
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: length - 1 }[key];
  return to === undefined ? null : Math.max(0, Math.min(to, length - 1));
}

/**
 * Handlers for a handle inside each row. Rows carry `data-row` with their place; works with mouse,
 * pen, finger and the arrow keys. `move` is called as soon as a place changes.
 */
export function useReorder(length: () => number, move: (from: number, to: number) => void) {
  const dragging = ref<number | null>(null);

  function down(event: PointerEvent, at: number): void {
    if (event.button !== 0) return;
    const handle = event.currentTarget as HTMLElement;
    const list = handle.closest("[data-list]");
    if (!list) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    dragging.value = at;
    const slide = ({ clientY }: PointerEvent) => {
      const rows = [...list.querySelectorAll<HTMLElement>("[data-row]")];
      const over = rows.findIndex((row) => clientY < row.getBoundingClientRect().bottom);
      const to = over < 0 ? rows.length - 1 : over;
      if (dragging.value === null || to === dragging.value) return;
      move(dragging.value, to);
      dragging.value = to;
    };
    const drop = () => {
      dragging.value = null;
      removeEventListener("pointermove", slide);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
    };
    addEventListener("pointermove", slide);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  }

  function press(event: KeyboardEvent, at: number): void {
    const to = keyTarget(event.key, at, length());
    if (to === null) return;
    event.preventDefault();
    if (to !== at) move(at, to);
  }

  return { dragging, down, press };
}
