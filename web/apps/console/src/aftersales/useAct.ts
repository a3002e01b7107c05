/** Do something once: busy while it runs, its trouble kept, the same key while the same wish is tried again. */
import { newKey } from "@xinbo/api";
import { useToasts } from "@xinbo/ui";
import { ref } from "vue";

import { moved } from "./calls";

export function useAct() {
  const toasts = useToasts();
  const busy = ref(false);
  const trouble = ref<unknown>(null);
  let wish = { what: "", key: newKey() };

  /** Run it under the key of this wish; says whether it went well. */
  async function act<T>(what: string, run: (key: string) => Promise<T>, done?: string): Promise<T | undefined> {
    if (busy.value) return undefined;
    if (wish.what !== what) wish = { what, key: newKey() };
    busy.value = true;
    trouble.value = null;
    try {
      const result = await run(wish.key);
      wish = { what: "", key: newKey() };
      if (done) toasts.show(done, "good");
      return result;
    } catch (caught) {
      trouble.value = caught;
      return undefined;
    } finally {
      busy.value = false;
      moved();
    }
  }
  return { busy, trouble, act };
}
