/** Take part in a play: sign in first where needed, one press each, and keep the receipt. */
import { isProblem, newKey, type CaughtPacket, type EntryReceipt } from "@xinbo/api";
import { useProblemWords, useToasts } from "@xinbo/ui";
import { readonly, ref } from "vue";
import { useI18n } from "vue-i18n";

import * as calls from "@shop/calls";
import { refresh, useMe } from "@shop/queries";
import { askSignIn } from "@shop/session/asks";

import { newNonce, note } from "./noted";

export function useGames() {
  const { t } = useI18n();
  const toasts = useToasts();
  const describe = useProblemWords();
  const me = useMe();
  const busy = ref(false);

  function complain(caught: unknown): void {
    const { what, fix } = describe(caught);
    toasts.show([what, fix].filter(Boolean).join(" "), "bad");
  }
  /** Run it as somebody: a guest is asked to sign in, and it goes on. */
  async function attempt<T>(run: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    if (me.isPending.value) await me.suspense().catch(() => undefined);
    if (!me.data.value && !(await askSignIn())) return null;
    busy.value = true;
    try {
      return await run().catch(async (caught: unknown) => {
        if (isProblem(caught, "SignInRequired") && (await askSignIn())) return run();
        throw caught;
      });
    } catch (caught) {
      complain(caught);
      return null;
    } finally {
      busy.value = false;
    }
  }
  /** Points need an account of points; joining the club opens one. */
  async function asMember<T>(run: () => Promise<T>): Promise<T> {
    return run().catch(async (caught: unknown) => {
      if (!isProblem(caught, "JoinClubFirst")) throw caught;
      await calls.joinClub();
      refresh("membership");
      toasts.show(t("games.joined"), "good");
      return run();
    });
  }

  async function enter(runId: string, answer = "", before?: () => Promise<unknown>): Promise<EntryReceipt | null> {
    const key = newKey();
    const nonce = newNonce();
    const receipt = await attempt(async () => {
      await before?.();
      return asMember(() => calls.enterGame(runId, nonce, answer, key));
    });
    if (receipt) note(runId, { receipt });
    refresh("game");
    return receipt;
  }
  async function grab(runId: string): Promise<{ packet: CaughtPacket | null; left: number; mine: number } | null> {
    const key = newKey();
    return attempt(() => asMember(() => calls.catchPacket(runId, key)));
  }
  return { busy: readonly(busy), me, attempt, asMember, enter, grab, complain };
}
