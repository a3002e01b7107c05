import type { Order } from "@xinbo/api";
import { useToasts } from "@xinbo/ui";
import { ref } from "vue";
import { useI18n } from "vue-i18n";
import { useRouter } from "vue-router";

import * as calls from "@shop/calls";
import { refresh } from "@shop/queries";

/** Put an order's goods in the bag again, at today's prices; what is no longer sold is left out and said. */
export function useBuyAgain() {
  const { t } = useI18n();
  const router = useRouter();
  const toasts = useToasts();
  const adding = ref(false);

  async function buyAgain(order: Order): Promise<void> {
    adding.value = true;
    const wanted = order.lines.filter(({ gift }) => !gift);
    let added = 0;
    try {
      for (const line of wanted) {
        // Prices of a show are that show's: later it is the shop's.
        added += await calls.putCartLine(line.skuId, line.quantity, null).then(() => 1, () => 0);
      }
    } finally {
      adding.value = false;
      refresh("cart");
    }
    if (added < wanted.length) toasts.show(t(added ? "orders.againSome" : "orders.againNone", { n: wanted.length - added }), "bad");
    if (added) void router.push("/cart");
  }
  return { adding, buyAgain };
}
