import { isProblem, newKey } from "@xinbo/api";
import { useProblemWords, useToasts } from "@xinbo/ui";
import { readonly, ref } from "vue";
import { useI18n } from "vue-i18n";

import * as calls from "@shop/calls";
import { refresh, useMe } from "@shop/queries";
import { askSignIn } from "@shop/session/asks";

/** Claim coupons, one press each; a guest is asked to sign in and the claim goes on. */
export function useClaim(showId?: () => string | undefined) {
  const { t } = useI18n();
  const toasts = useToasts();
  const describe = useProblemWords();
  const me = useMe();
  /** The one that is on its way. */
  const claiming = ref<string | null>(null);
  const keys = new Map<string, string>();

  async function signedIn(force: boolean): Promise<boolean> {
    if (me.isPending.value) await me.suspense().catch(() => undefined);
    return (Boolean(me.data.value) && !force) || Boolean(await askSignIn());
  }

  /** True once it is one's own. A repeated press of the same wish claims no second one. */
  async function claim(templateId: string, roomOnly = false): Promise<boolean> {
    if (claiming.value || !(await signedIn(false))) return false;
    const key = keys.get(templateId) ?? newKey();
    keys.set(templateId, key);
    claiming.value = templateId;
    const show = showId?.();
    const ask = () => (roomOnly && show ? calls.claimDrop(show, templateId, key) : calls.claimCoupon(templateId, key));
    try {
      await ask().catch(async (caught: unknown) => {
        if (isProblem(caught, "SignInRequired") && (await signedIn(true))) return ask();
        throw caught;
      });
      keys.delete(templateId);
      toasts.show(t("coupon.claimed"), "good");
      return true;
    } catch (caught) {
      // What was refused for good is another wish the next time.
      if (!isProblem(caught) || !caught.passing) keys.delete(templateId);
      const { what, fix } = describe(caught);
      toasts.show([what, fix].filter(Boolean).join(" "), "bad");
      return false;
    } finally {
      claiming.value = null;
      refresh("coupons", "checkout");
    }
  }

  return { claiming: readonly(claiming), claim };
}
