import { useProblemWords, useToasts } from "@xinbo/ui";
import { useI18n } from "vue-i18n";

import * as calls from "@shop/calls";
import { refresh } from "@shop/queries";

/** Say that the goods of an order arrived; what was refused is said aloud. */
export function useReceipt() {
  const { t } = useI18n();
  const toasts = useToasts();
  const describe = useProblemWords();

  async function receive(orderId: string): Promise<void> {
    try {
      await calls.confirmReceipt(orderId);
      toasts.show(t("orders.received"), "good");
    } catch (caught) {
      const { what, fix } = describe(caught);
      toasts.show([what, fix].filter(Boolean).join(" "), "bad");
    }
    refresh("order", "orders");
  }
  return { receive };
}
