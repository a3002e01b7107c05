/** Whether there is room for things side by side. */
import { onScopeDispose, ref } from "vue";

export function useWide(query = "(min-width: 1001px)") {
  const media = matchMedia(query);
  const wide = ref(media.matches);
  const look = () => (wide.value = media.matches);
  media.addEventListener("change", look);
  onScopeDispose(() => media.removeEventListener("change", look));
  return wide;
}
