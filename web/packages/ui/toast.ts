import { readonly, ref } from "vue";

export interface Toast {
  id: number;
  text: string;
  kind: "plain" | "good" | "bad";
}

const toasts = ref<Toast[]>([]);
let last = 0;

/** The toasts on screen, and how to show one for a few seconds. At most two stand at a time, and none twice. */
export function useToasts() {
  function show(text: string, kind: Toast["kind"] = "plain", ms = 3200): void {
    const id = ++last;
    const others = toasts.value.filter((toast) => toast.text !== text);
    toasts.value = [...others.slice(-1), { id, text, kind }];
    setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.id !== id)), ms);
  }
  return { toasts: readonly(toasts), show };
}
