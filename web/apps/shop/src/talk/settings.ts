/** What a viewer set for comments over the picture; kept on this device. */
import { ref, watch } from "vue";

export const densities = ["off", "few", "many"] as const;
export type Density = (typeof densities)[number];
/** Lanes over the picture. */
export const lanesOf: Record<Density, number> = { off: 0, few: 2, many: 5 };

/** Seconds that the replay's chat may be moved against the picture, each way. */
export const FURTHEST = 30;

const DANMAKU = "xinbo.danmaku";
const OFFSET = "xinbo.replay.offset";
const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

function known(): Density {
  const kept = read(DANMAKU) as Density | null;
  return kept && densities.includes(kept) ? kept : calm?.matches ? "off" : "few";
}
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing forgets this too.
  }
}

/** How many comments fly: one for the whole app. */
export const density = ref<Density>(known());
watch(density, (next) => keep(DANMAKU, next));

/** Seconds by which the chat of a recording comes later than it was said. */
export const offset = ref(Math.max(-FURTHEST, Math.min(FURTHEST, Number(read(OFFSET)) || 0)));
watch(offset, (next) => keep(OFFSET, String(next)));

/** Whether the device asks for less motion: then nothing flies. */
export const still = ref(calm?.matches ?? false);
calm?.addEventListener?.("change", ({ matches }) => (still.value = matches));
