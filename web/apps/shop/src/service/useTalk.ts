/** One's conversation at a place: the open one, else the last that can be taken up again. */
import { newKey, type Talk, type TalkKind, type TalkMessage } from "@xinbo/api";
import { setServerOffset, type Outgoing } from "@xinbo/ui";
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";

import * as calls from "./calls";

const STEP = 50;
const MOST = 100;
const WEEK_MS = 7 * 24 * 3600 * 1000;

export interface TalkAbout {
  kind: TalkKind;
  productId: string | null;
  orderId: string | null;
}
interface Kept extends Outgoing {
  pictureIds: string[];
  /** Under which pictures follow words that opened the conversation. */
  follows: string;
  about: TalkAbout;
}

/** Whether the shopper's next word still belongs to it: open, or ended not long ago. */
export const goesOn = (talk: Talk, nowMs: number) => talk.state !== "closed" || (talk.closedAt !== null && nowMs - Date.parse(talk.closedAt) < WEEK_MS);

/** Choose the conversation to show at a place: the open one, else the latest that goes on. */
export function chosen(talks: readonly Talk[], showId: string | null, nowMs: number): Talk | null {
  const here = talks.filter((talk) => talk.showId === showId && goesOn(talk, nowMs));
  return here.find(({ state }) => state !== "closed") ?? here[0] ?? null;
}

export function useTalk(showId: string | null, open: () => boolean) {
  const talk = shallowRef<Talk | null>(null);
  const messages = shallowRef<readonly TalkMessage[]>([]);
  const outgoing = ref<Kept[]>([]);
  const error = shallowRef<unknown>(null);
  const loading = ref(true);
  const limit = ref(STEP);
  const more = ref(false);
  let turn = 0;

  function take(next: Talk | null): void {
    if (next) setServerOffset(Date.parse(next.now) - Date.now());
    talk.value = next;
  }
  async function load(): Promise<void> {
    const mine = ++turn;
    try {
      const now = talk.value ? await calls.getTalk(talk.value.id) : chosen((await calls.listTalks()).items, showId, Date.now());
      const said = now ? await calls.listSaid(now.id, limit.value) : null;
      if (mine !== turn) return;
      take(now);
      messages.value = said?.items ?? [];
      more.value = said?.next !== null && said !== null && limit.value < MOST;
      error.value = null;
      outgoing.value = outgoing.value.filter(({ key }) => !messages.value.some((each) => each.key === key));
      if (now?.unread && open() && document.visibilityState === "visible") take(await calls.seeTalk(now.id));
    } catch (caught) {
      if (mine === turn) error.value = caught;
    } finally {
      loading.value = false;
    }
  }
  async function send(text: string, pictureIds: string[], about: TalkAbout): Promise<void> {
    const item: Kept = { key: newKey(), text, failed: false, pictureIds, follows: newKey(), about };
    outgoing.value = [...outgoing.value, item];
    await put(item);
  }
  async function put(item: Kept): Promise<void> {
    const { key, text, pictureIds, follows, about } = item;
    mark(key, false);
    try {
      const before = talk.value;
      // Asking goes on in the open conversation too; it alone says what it is about.
      if (text && (!before || (before.state !== "closed" && before.kind !== about.kind))) {
        take(await calls.openTalk({ id: key, showId, question: text, ...about }));
        if (talk.value && pictureIds.length) take(await calls.say(talk.value.id, { id: follows, text: "", pictureIds }));
      } else if (before) {
        const news = { ...(about.productId !== before.productId && { productId: about.productId }), ...(about.orderId !== before.orderId && { orderId: about.orderId }) };
        take(await calls.say(before.id, { id: key, text, pictureIds, ...news }));
      }
      await load();
    } catch (caught) {
      error.value = caught;
      mark(key, true);
    }
  }
  function mark(key: string, failed: boolean): void {
    outgoing.value = outgoing.value.map((each) => (each.key === key ? { ...each, failed } : each));
  }
  const again = (key: string) => {
    const item = outgoing.value.find((each) => each.key === key);
    if (item) void put(item);
  };
  async function solve(): Promise<void> {
    if (talk.value) take(await calls.closeTalk(talk.value.id).catch((caught: unknown) => ((error.value = caught), talk.value)));
    await load();
  }
  function older(): void {
    limit.value = MOST;
    void load();
  }

  const seenAgain = () => document.visibilityState === "visible" && open() && void load();
  document.addEventListener("visibilitychange", seenAgain);
  onScopeDispose(() => document.removeEventListener("visibilitychange", seenAgain));
  watch(open, (now) => now && void load(), { immediate: true });
  return { talk, messages, outgoing, error, loading, more, unread: computed(() => talk.value?.unread ?? 0), load, send, again, solve, older };
}
