/** The incidents of the show at the console: what goes on, what is over, and how to act on them. */
import { isProblem } from "@xinbo/api";
import { momentText } from "@xinbo/ui";
import { useQuery } from "@tanstack/vue-query";
import { computed, ref } from "vue";
import { useI18n } from "vue-i18n";

import * as calls from "@console/contingency/calls";
import { stale, usePlaybooks } from "@console/contingency/queries";
import { useHouseWords } from "@console/contingency/words";
import { useLive } from "@console/live/context";
import { queryClient } from "@console/queries";

export function useIncidents() {
  const live = useLive();
  const { t, te, locale } = useI18n();
  const words = useHouseWords();
  const books = usePlaybooks();
  const query = useQuery({ queryKey: ["incidents", live.showId], queryFn: () => calls.listIncidents(live.showId), refetchInterval: 30_000 });
  const mayAct = live.can("run_shows");
  /** What a colleague did first, said until the next act. */
  const first = ref("");

  const all = computed(() => query.data.value?.items ?? []);
  const running = computed(() => all.value.filter(({ closedAt }) => closedAt === null));
  const past = computed(() => all.value.filter(({ closedAt }) => closedAt !== null));
  live.onTold("incident", () => stale("incidents"));

  function takeIn(incident: calls.Incident): void {
    queryClient.setQueryData(["incidents", live.showId], (before: { items: calls.Incident[]; next: string | null } | undefined) => {
      const items = before?.items ?? [];
      const known = items.some(({ id }) => id === incident.id);
      return { next: before?.next ?? null, items: known ? items.map((each) => (each.id === incident.id ? incident : each)) : [incident, ...items] };
    });
  }
  /** Act on the show; a colleague who was faster is named, and the page shows how it stands. */
  async function act(work: () => Promise<calls.Incident>, said: string): Promise<calls.Incident | null> {
    first.value = "";
    let done: calls.Incident | null = null;
    const run = async () => {
      try {
        done = await work();
        takeIn(done);
      } catch (error) {
        if (!isProblem(error, "IncidentMoved") && !isProblem(error, "IncidentOver")) throw error;
        const { by, what, at } = error.facts as { by?: string; what?: string; at?: string };
        const did = te(`contingency.incident.did.${what ?? "closed"}`) ? t(`contingency.incident.did.${what ?? "closed"}`) : "";
        first.value = t(by ? "contingency.incident.first" : "contingency.incident.firstSystem", { by: by ?? "", what: did, time: at ? momentText(at, locale.value) : "" });
        await query.refetch();
      }
    };
    await live.act(run, said);
    stale("incidents");
    return done;
  }
  const start = (book: calls.Playbook, productId: string | null) => act(() => calls.openIncident(live.showId, { kind: book.kind, playbookId: book.id, productId, note: "", drill: false }), t("contingency.incident.started", { title: words.title(book) }));
  const tick = (incident: calls.Incident, position: number, more: Partial<calls.TickStep>) => {
    const step = incident.steps[position];
    const said = t(more.skip ? "contingency.incident.didSkip" : "contingency.incident.ticked", { text: step ? words.step(step) : "" });
    return act(() => calls.tickStep(incident.id, { position, seen: incident.version, skip: false, ...more }), said);
  };
  const close = (incident: calls.Incident, outcome: calls.Outcome, note: string) => act(() => calls.closeIncident(incident.id, { outcome, note, seen: incident.version }), t("contingency.incident.closed", { title: words.title(incident) }));
  return { live, query, books, all, running, past, first, mayAct, start, tick, close };
}

export type Incidents = ReturnType<typeof useIncidents>;

/** The first step that nobody has done or skipped; -1 when there is none. */
export const nextStep = (incident: calls.Incident): number => incident.steps.findIndex(({ doneAt }) => doneAt === null);
export const doneSteps = (incident: calls.Incident): number => incident.steps.filter(({ doneAt }) => doneAt !== null).length;
