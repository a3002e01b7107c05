/** The chat of a recording at its own pace: what had been said by the moment that plays. */
import type { ChatMessage } from "@xinbo/live";
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from "vue";

import { getReplayChat, type ReplayMessage } from "./calls";
import { offset } from "./settings";

/** Milliseconds of chat that are fetched at once. */
const PART = 60_000;
/** Messages that a page shows. */
const SHOWN = 60;
const AGAIN_MS = 5000;

export function useReplayChat(showId: string, video: Ref<HTMLVideoElement | null | undefined>) {
  const at = ref(0);
  const parts = shallowRef(new Map<number, ReplayMessage[]>());
  const failed = ref(false);
  const asked = new Map<number, number>();

  /** Programme time of the chat: with an offset of 2 s it comes 2 s later than it was said. */
  const moment = computed(() => Math.max(0, at.value - offset.value * 1000));
  const shown = computed<ChatMessage[]>(() => {
    const part = Math.floor(moment.value / PART);
    const near = [...(parts.value.get(part - 1) ?? []), ...(parts.value.get(part) ?? [])];
    return near.filter(({ atMs }) => atMs <= moment.value).slice(-SHOWN).map(said);
  });

  async function have(part: number): Promise<void> {
    const now = Date.now();
    if (part < 0 || parts.value.has(part) || now - (asked.get(part) ?? 0) < AGAIN_MS) return;
    asked.set(part, now);
    try {
      const found = await getReplayChat(showId, part * PART, (part + 1) * PART);
      parts.value = new Map(parts.value).set(part, found);
      failed.value = false;
    } catch {
      failed.value = true; // it is asked again while the recording plays on
    }
  }
  function look(): void {
    at.value = (video.value?.currentTime ?? 0) * 1000;
  }
  watch(moment, (now) => {
    const part = Math.floor(now / PART);
    for (const each of [part, part - 1, part + 1]) void have(each);
  }, { immediate: true });

  const events = ["timeupdate", "seeked", "loadedmetadata"];
  watch(video, (next, before) => {
    for (const name of events) {
      before?.removeEventListener(name, look);
      next?.addEventListener(name, look);
    }
    look();
  }, { immediate: true });
  onBeforeUnmount(() => {
    for (const name of events) video.value?.removeEventListener(name, look);
  });

  return { shown, failed };
}

function said({ atMs, ...message }: ReplayMessage): ChatMessage {
  return { t: "chat", ...message, at: atMs };
}
