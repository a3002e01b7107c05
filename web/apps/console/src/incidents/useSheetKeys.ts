/** Keys of what stands in an open sheet, wherever in it the focus is; fields and their own keys are left alone. */
import { onBeforeUnmount, onMounted } from "vue";

export function useSheetKeys(press: (event: KeyboardEvent, target: HTMLElement | null) => boolean): void {
  function listen(event: KeyboardEvent): void {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.closest("input, textarea, select")) return;
    if (press(event, target)) event.preventDefault();
  }
  onMounted(() => addEventListener("keydown", listen));
  onBeforeUnmount(() => removeEventListener("keydown", listen));
}
