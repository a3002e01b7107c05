/** Moving a show along: asked first, then done, and every refusal in words. */
import { useProblemWords, useToasts } from "@xinbo/ui";
import { ref } from "vue";
import { useI18n } from "vue-i18n";

import * as calls from "@console/calls";
import { refresh } from "@console/queries";
import type { Move, ShowPlan } from "@console/types";

export function useMoves(showId: string, done: (plan: ShowPlan, move: Move) => void) {
  const { t } = useI18n();
  const toasts = useToasts();
  const describe = useProblemWords();
  const asked = ref<Move | null>(null);
  const busy = ref(false);

  async function run(move: Move): Promise<void> {
    asked.value = null;
    busy.value = true;
    try {
      const plan = await calls.moveShow(showId, move);
      toasts.show(t(`moves.${move}.done`), "good");
      done(plan, move);
    } catch (error) {
      const { what, fix } = describe(error);
      toasts.show([what, fix].filter(Boolean).join(" "), "bad", 6000);
    } finally {
      busy.value = false;
      refresh("shows");
    }
  }
  return { asked, busy, run };
}
