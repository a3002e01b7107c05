/** Turns what the room says into the activity feed. */
import type { StageView } from "@xinbo/api";
import type { RoomStatus, ToastMessage } from "@xinbo/live";
import { toValue, watch, type MaybeRefOrGetter, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import { useChart } from "@console/queries";

import { useActivity } from "./activity";

interface Heard {
  stage: Ref<StageView>;
  video: Ref<string>;
  status: () => RoomStatus;
  maySee: MaybeRefOrGetter<boolean>;
}

export function useHappenings(showId: string, names: Ref<ReadonlyMap<string, string>>, { stage, video, status, maySee }: Heard) {
  const { t, te } = useI18n();
  const { feed, note } = useActivity();
  /** When the first stage was read, on the server's clock: what came after it is noted as it happens. */
  const since = Date.parse(stage.value.at);
  const named = (id: string | null) => names.value.get(id ?? "") ?? "";

  function ordered({ name, productId, n, simulated }: ToastMessage): void {
    note("ordered", t("live.did.ordered", { name: name || t("live.someone"), title: named(productId), n }), Date.now(), simulated);
  }

  watch(() => stage.value.pinnedProductId, (id, before) => note("pin", id ? t("live.did.pin", { title: named(id) }) : t("live.did.unpin", { title: named(before) })));
  watch(() => stage.value.cueId, (id) => id && named(id) && note("cue", t("live.did.cue", { title: named(id) })));
  watch(() => stage.value.show.status, (now) => note("show", now === "live" ? t("live.marks.start") : now === "ended" ? t("live.marks.end") : t("live.did.show", { status: t(`shows.status.${now}`) })));
  watch(video, (now) => note("video", t(`live.did.video.${now}`)));
  watch(status, (now, before) => {
    if (now === "reconnecting") note("room", t("live.did.lost"));
    if (now === "open" && before === "reconnecting") note("room", t("live.did.back"));
  });

  // What was before this page came: the marks of the last hour, once.
  const chart = useChart(showId, () => toValue(maySee) && stage.value.show.liveAt !== null);
  const stop = watch(() => chart.data.value, (data) => {
    if (!data) return;
    queueMicrotask(() => stop());
    for (const { at, kind, label } of data.marks) {
      const when = new Date(at).getTime();
      if (when > since) continue;
      if ((kind === "pin" || kind === "cue") && named(label)) note(kind, t(`live.did.${kind}`, { title: named(label) }), when);
      else if (kind === "video" && te(`live.did.video.${label}`)) note("video", t(`live.did.video.${label}`), when);
      else if (kind === "start" || kind === "end") note("show", t(`live.marks.${kind}`), when);
    }
  }, { immediate: true });

  /** A colleague did something; what the system itself did is told by the stage. */
  function did(by: string, what: string, title: string): void {
    if (by && te(`live.acts.${what}`)) note("act", t("live.actBy", { by, what: t(`live.acts.${what}`, { title }) }));
  }

  return { feed, ordered, did };
}
