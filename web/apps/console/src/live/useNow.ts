import { serverNow } from "@xinbo/ui";
import { onScopeDispose, readonly, ref } from "vue";

/** This moment, anew each second; on the server's clock if asked for. */
export function useNow(server = false) {
  const read = () => (server ? serverNow() : Date.now());
  const now = ref(read());
  const timer = setInterval(() => (now.value = read()), 1000);
  onScopeDispose(() => clearInterval(timer));
  return readonly(now);
}
