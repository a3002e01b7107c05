/** Time on the server's clock: a phone's own clock may be wrong by minutes. */
import { computed, onScopeDispose, ref, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from "vue";

let offsetMs = 0;

/** Say how far the server's clock is ahead of this device's, in milliseconds. */
export function setServerOffset(ms: number): void {
  offsetMs = ms;
}

/** Now on the server's clock, in milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** Whole seconds until a moment on the server's clock, counted down, never below zero. */
export function useSecondsLeft(until: MaybeRefOrGetter<string | number>): ComputedRef<number> {
  const now = ref(serverNow());
  const timer = setInterval(() => (now.value = serverNow()), 1000);
  onScopeDispose(() => clearInterval(timer));
  watch(() => toValue(until), () => (now.value = serverNow()), { flush: "sync" });
  return computed(() => Math.max(0, Math.ceil((new Date(toValue(until)).getTime() - now.value) / 1000)));
}
