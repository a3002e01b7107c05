/** Seats, sources and guests of the console: kept while the console is open, whichever panel is seen. */
import type { IngestMessage, StandbyMessage } from "@xinbo/live";
import { useToasts } from "@xinbo/ui";
import { computed, inject, onScopeDispose, provide, reactive, ref, shallowRef, watch, type InjectionKey } from "vue";
import { useI18n } from "vue-i18n";

import type { Live } from "@console/live/context";
import type { Camera } from "@console/live/useCamera";
import { useMe } from "@console/queries";

import * as calls from "./calls";
import type { Cast, Seat, SourceName, Sources } from "./calls";
import { useGuests } from "./useGuests";

type Figures = IngestMessage | StandbyMessage;
const HERE_MS = 5000;
const STALE_MS = 5000;
/** What is asked before it is done. */
export type Asking = { what: "source"; source: SourceName } | { what: "host"; seat: Seat };

function makeDesk(live: Pick<Live, "showId" | "on" | "onTold" | "can" | "act">, camera: Camera) {
  const { t } = useI18n();
  const toasts = useToasts();
  const me = useMe();
  const { showId } = live;
  const cast = shallowRef<Cast | null>(null);
  const sources = shallowRef<Sources | null>(null);
  const trouble = shallowRef<unknown>(null);
  const asking = ref<Asking | null>(null);
  const heard = reactive<Partial<Record<SourceName, { message: Figures; at: number }>>>({});
  const mayRun = live.can("run_shows");
  const publishing = computed(() => (["live", "reconnecting"].includes(camera.camera.state) ? camera.wish.source : null));
  const myId = computed(() => me.data.value?.id);
  /** Whether this page is the one that guests connect to: of who holds the show, or of who is on air while nobody does. */
  const mine = computed(() => {
    if (!cast.value) return false;
    const { hostUserId } = cast.value;
    return hostUserId ? hostUserId === myId.value : sources.value?.items.some(({ name, onAir }) => onAir && name === publishing.value) === true;
  });
  let busy = false;
  let again = false;

  async function look(): Promise<void> {
    if (busy) return void (again = true);
    busy = true;
    try {
      [cast.value, sources.value] = await Promise.all([calls.sayHere(showId, publishing.value), calls.getSources(showId)]);
      trouble.value = null;
    } catch (error) {
      trouble.value = error;
    } finally {
      busy = false;
      if (again) {
        again = false;
        void look();
      }
    }
  }
  void look();
  const timer = setInterval(() => void look(), HERE_MS);
  onScopeDispose(() => clearInterval(timer));
  live.onTold("cast", () => void look());
  live.onTold("sources", () => void look());
  watch(publishing, () => void look());
  const hear = (message: Figures) => (heard[message.source ?? "main"] = { message, at: Date.now() });
  live.on("ingest", hear);
  live.on("standby", hear);

  const { streams } = useGuests(showId, cast, camera, () => mine.value && mayRun.value, () => void look());

  // Who has handed the show over goes off the air once the other's pictures are on.
  const handedOver = ref(false);
  watch(() => cast.value?.hostUserId, (now, before) => {
    if (before && before === myId.value && now && now !== before) handedOver.value = true;
    else if (now === myId.value) handedOver.value = false;
  });
  watch([handedOver, sources], () => {
    const own = sources.value?.items.find(({ name }) => name === publishing.value);
    const other = sources.value?.items.find(({ name }) => name !== publishing.value);
    if (!handedOver.value || !own || own.onAir || !other?.onAir) return;
    handedOver.value = false;
    void camera.stop();
    toasts.show(t("cast.cameraOff"));
  });

  const backup = computed(() => cast.value?.seats.find(({ kind, userId }) => kind === "backup_host" && userId !== cast.value?.hostUserId) ?? null);
  const offAir = computed(() => sources.value?.items.find(({ onAir, state }) => !onAir && state === "live") ?? null);

  async function change(run: () => Promise<unknown>, said: string): Promise<boolean> {
    const done = await live.act(run, said);
    void look();
    return done;
  }
  const nameOf = (source: SourceName) => t(`cast.source.${source}`);
  /** By which source somebody's own pictures come already, if they are not on air yet. */
  const readyBy = (seat: Seat) => (seat.source && sources.value?.items.some(({ name, state, onAir }) => name === seat.source && state === "live" && !onAir) ? seat.source : null);
  function confirmed(now: Asking): void {
    if (now.what === "source") void change(() => calls.switchSource(showId, now.source, sources.value?.version ?? 0), t("cast.didSwitch", { source: nameOf(now.source) }));
    else void change(() => calls.handOver(showId, now.seat.userId, readyBy(now.seat), cast.value?.version ?? 0), t("cast.didHandOver", { name: now.seat.stageName }));
  }
  /** How a source does, unless nothing was heard of it for a while. */
  function figures(source: SourceName, now: number): Figures | null {
    const last = heard[source];
    return last && now - last.at < STALE_MS ? last.message : null;
  }
  return { showId, cast, sources, trouble, asking, camera, mayRun, mine, myId, streams, backup, offAir, publishing, look, change, confirmed, readyBy, figures, nameOf };
}

export type Desk = ReturnType<typeof makeDesk>;
const DESK: InjectionKey<Desk> = Symbol("cast");

export function provideDesk(live: Parameters<typeof makeDesk>[0], camera: Camera): Desk {
  const desk = makeDesk(live, camera);
  provide(DESK, desk);
  return desk;
}
export function useDesk(): Desk {
  const desk = inject(DESK);
  if (!desk) throw new Error("Seats are shown outside the console");
  return desk;
}
/** The desk, where there is one. */
export const maybeDesk = () => inject(DESK, null);
