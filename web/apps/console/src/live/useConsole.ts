/** The live console's state and acts; its panels reach them through `useLive`. */
import { newKey, Problem, type StageView } from "@xinbo/api";
import { useRoom } from "@xinbo/live";
import { setServerOffset, useProblemWords, useToasts } from "@xinbo/ui";
import { computed, ref, shallowRef, watch } from "vue";
import { useI18n } from "vue-i18n";

import * as calls from "@console/calls";
import { refresh, useCan } from "@console/queries";
import type { ShowPlan } from "@console/types";

import { isStage, provideLive, useKeyMaps, type Live } from "./context";
import { useHappenings } from "./useHappenings";

export function useConsole(first: StageView, plan: () => ShowPlan) {
  const { t, locale } = useI18n();
  const toasts = useToasts();
  const describe = useProblemWords();
  const can = useCan();
  const showId = first.showId;
  const busy = ref(false);
  const lastAct = ref("");
  const media = shallowRef<string | null>(null);
  const ingestAt = ref(0);
  const { keys, answer } = useKeyMaps();

  const joined = useRoom({
    getTicket: async () => {
      const ticket = await calls.getTicket(showId);
      media.value = ticket.mediaUrl;
      return ticket;
    },
    getStage: () => calls.getStage(showId),
    beat: () => ({ watching: false, playing: false, positionMs: 0 }),
    onRefused: ({ t: _, of: __, type, ...facts }) => complain(new Problem(type, 409, facts)),
    onToast: (message) => happenings.ordered(message),
    onClock: setServerOffset,
  });
  const { client, room } = joined;
  client.takeStage(first);
  client.start();
  watch(joined.ingest, () => (ingestAt.value = Date.now()));

  const stage = computed(() => joined.stage.value ?? first);
  const show = computed(() => stage.value.show);
  const videoState = computed(() => (room.video ?? stage.value.video).state);
  const url = computed(() => {
    const path = room.video?.playbackUrl ?? stage.value.video.playbackPath;
    return videoState.value === "live" && path && media.value ? new URL(path, media.value).href : null;
  });
  const names = computed(() => new Map([...plan().cues.map((cue) => [cue.id, cue.title] as const), ...stage.value.items.map((item) => [item.productId, item.title] as const)]));
  const happenings = useHappenings(showId, names, { stage, video: videoState, status: () => room.status, maySee: can("see_numbers") });
  const onAir = computed(() => show.value.status === "live" || show.value.status === "rehearsal");

  function complain(error: unknown): void {
    const { what, fix } = describe(error);
    toasts.show([what, fix].filter(Boolean).join(" "), "bad", 5000);
    // A colleague was first: what stands there now is what the next act is about.
    if (error instanceof Problem && error.status === 409) void client.catchUp();
  }
  function note(said: string): void {
    lastAct.value = `${said} ${new Date().toLocaleTimeString(locale.value, { hour12: false })}`;
  }
  async function act(run: () => Promise<unknown>, said: string): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      const answered = await run();
      if (isStage(answered)) client.takeStage(answered);
      if (said) note(said);
      return true;
    } catch (error) {
      complain(error);
      return false;
    } finally {
      busy.value = false;
    }
  }
  function say(text: string): void {
    if (!client.send({ t: "chat", id: newKey(), text })) toasts.show(t("live.sayLater"), "bad");
  }
  // What colleagues do is seen by everyone at the console, by name.
  joined.onTold("act", ({ by, what, title }) => happenings.did(String(by || ""), String(what), String(title ?? "")));
  watch(() => show.value.status, () => refresh("plan", "chart"));

  const live: Live = {
    showId,
    plan: computed(plan),
    stage,
    room,
    chat: joined.chat,
    numbers: joined.numbers,
    names,
    onAir,
    rehearsal: computed(() => show.value.status === "rehearsal"),
    busy,
    can,
    send: (message) => client.send(message),
    on: joined.on,
    onTold: joined.onTold,
    act,
    complain,
    reload: () => client.catchUp(),
    keys,
  };
  provideLive(live);

  return { ...live, show, videoState, url, ingest: joined.ingest, ingestAt, feed: happenings.feed, lastAct, note, say, answer, takeStage: (view: StageView) => client.takeStage(view) };
}
