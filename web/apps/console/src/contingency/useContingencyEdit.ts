/** Writing what a show prepares for: whole, by version; who comes too late gets the latest. */
import { isProblem } from "@xinbo/api";
import { useProblemWords, useToasts } from "@xinbo/ui";
import { ref } from "vue";
import { useI18n } from "vue-i18n";

import { queryClient } from "@console/queries";

import * as calls from "./calls";
import { stale } from "./queries";

export const riskOf = ({ id, kind, word, title, productId, probability, impact, prevention, ownerId, playbookId }: calls.Risk): calls.PutRisk => ({ id, kind, word, title, productId, probability, impact, prevention, ownerId, playbookId });

export function useContingencyEdit(showId: string) {
  const { t, te } = useI18n();
  const toasts = useToasts();
  const describe = useProblemWords();
  const busy = ref(false);

  /** Do it; say what came of it; true when it went well. */
  async function run(work: () => Promise<calls.Contingency>, said: (after: calls.Contingency) => string): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      const after = await work();
      queryClient.setQueryData(["contingency", showId], after);
      stale("readiness");
      toasts.show(said(after), "good");
      return true;
    } catch (error) {
      const reason = (error as { facts?: { reason?: string } }).facts?.reason ?? "";
      const words = te(`contingency.reason.${reason}`) ? t(`contingency.reason.${reason}`) : describe(error).what;
      toasts.show(isProblem(error, "VersionConflict") ? t("contingency.clash") : words, "bad", 6000);
      stale("contingency");
      return false;
    } finally {
      busy.value = false;
    }
  }
  const write = (now: calls.Contingency, risks: calls.PutRisk[], team: calls.PutPost[] = now.team) => run(() => calls.putContingency(showId, { risks, team, version: now.version }), () => t("contingency.saved"));
  const prepare = (before: number) => run(() => calls.prepare(showId), ({ risks }) => (risks.length > before ? t("contingency.prepared", { n: risks.length - before }) : t("contingency.preparedNone")));
  return { busy, write, prepare };
}
