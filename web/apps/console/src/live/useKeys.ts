import { onBeforeUnmount, onMounted } from "vue";

/** Whether a key press is meant for a field or a dialog rather than for the page. */
export function typing(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.closest("input, textarea, select, [contenteditable='true']")) return true;
  return document.querySelector("[role='dialog'], [role='alertdialog']") !== null;
}

/** Keys of a page, by what they print; letters in lower case. */
export function useKeys(keys: (key: string) => (() => void) | undefined): void {
  function press(event: KeyboardEvent): void {
    if (event.repeat || typing(event)) return;
    const run = keys(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!run) return;
    event.preventDefault();
    run();
  }
  onMounted(() => addEventListener("keydown", press));
  onBeforeUnmount(() => removeEventListener("keydown", press));
}
