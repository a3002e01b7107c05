import { onScopeDispose, readonly, ref, watch, type Ref } from "vue";

/** A value that follows another once that has rested for a while, as when someone types. */
export function useLater<T>(source: Ref<T>, ms: number): Readonly<Ref<T>> {
  const later = ref(source.value) as Ref<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(source, (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => (later.value = value), ms);
  });
  onScopeDispose(() => clearTimeout(timer));
  return readonly(later) as Readonly<Ref<T>>;
}
