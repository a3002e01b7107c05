/** Keep the screen on, where the browser can. */
import { onBeforeUnmount, onMounted, ref } from "vue";

export function useWakeLock() {
  const held = ref(false);
  let lock: WakeLockSentinel | null = null;
  async function take(): Promise<void> {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    held.value = lock !== null;
    lock?.addEventListener("release", () => (held.value = false));
  }
  const again = () => void take();
  onMounted(() => {
    again();
    document.addEventListener("visibilitychange", again);
  });
  onBeforeUnmount(() => {
    document.removeEventListener("visibilitychange", again);
    void lock?.release();
  });
  return held;
}
