/** What is asked for on the page: filled in as far as it can be, and the exact amount from the server. */
import type { AfterSaleKind, AfterSaleOptions, AfterSaleReason, AskCase } from "@xinbo/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, reactive, ref, watch, type Ref } from "vue";

import type { Filled } from "@shop/service/rules";

import { fenOf } from "./amounts";
import { quoteCase } from "./calls";

export const KINDS = ["refund_only", "return_refund", "exchange", "repair"] as const;
type Asked = (typeof KINDS)[number];

/** `given` fills it in as an agent did; what the terms do not allow is left as it would be. */
export function useAsking(orderId: () => string, options: Ref<AfterSaleOptions | undefined>, given?: Filled) {
  const kind = ref<Asked>("return_refund");
  const reason = ref<AfterSaleReason | "">("");
  /** Pieces by position; none are left out by being 0. */
  const pieces = reactive<Record<number, number>>({});
  const amount = ref("");
  const words = ref("");
  const pictures = ref<string[]>([]);
  const wanted = ref("");

  const lines = computed(() => options.value?.lines ?? []);
  const optionOf = (line: (typeof lines.value)[number], which: AfterSaleKind) => line.kinds.find((each) => each.kind === which);
  const usable = (which: AfterSaleKind) => lines.value.filter((line) => optionOf(line, which)?.reasons.length);
  const open = computed(() => KINDS.filter((each) => usable(each).length > 0));
  const whyNot = (which: AfterSaleKind) => (lines.value[0] && optionOf(lines.value[0], which)?.whyNot) ?? null;
  const chosen = computed(() => usable(kind.value).filter((line) => (pieces[line.position] ?? 0) > 0));
  /** Reasons that hold for every line that is chosen. */
  const reasons = computed(() => {
    const lists = (chosen.value.length ? chosen.value : usable(kind.value)).map((line) => optionOf(line, kind.value)?.reasons ?? []);
    return (lists[0] ?? []).filter((each) => lists.every((list) => list.includes(each)));
  });
  const variants = computed(() => (kind.value === "exchange" && chosen.value.length === 1 ? (chosen.value[0]?.variants ?? []) : []));
  /** Some of the money for goods that stay. */
  const partial = computed(() => kind.value === "refund_only" && ["quality", "damaged", "wrong_goods", "not_as_described"].includes(reason.value));

  watch(options, (found, before) => {
    if (!found || before) return;
    kind.value = open.value.find((each) => each === (given?.kind ?? "return_refund")) ?? open.value[0] ?? "return_refund";
  }, { immediate: true });
  watch([kind, options], () => {
    for (const line of lines.value) {
      const most = usable(kind.value).includes(line) ? line.left : 0;
      pieces[line.position] = given?.line === undefined ? most : line.position === given.line ? Math.min(most, given.pieces ?? most) : 0;
    }
    amount.value = "";
    wanted.value = "";
  }, { immediate: true });
  watch(reasons, (list) => {
    if (!list.includes(reason.value as AfterSaleReason)) reason.value = list.find((each) => each === given?.reason) ?? list[0] ?? "";
  }, { immediate: true });

  const command = computed<AskCase | null>(() => {
    if (!reason.value || !chosen.value.length) return null;
    const typed = partial.value && amount.value ? fenOf(amount.value) : null;
    return {
      kind: kind.value,
      reason: reason.value,
      parts: chosen.value.map((line) => ({ position: line.position, quantity: pieces[line.position] ?? 0 })),
      amount: typed,
      words: words.value.trim(),
      pictureIds: pictures.value,
      wantedSkuId: wanted.value || null,
    };
  });
  /** Only what changes the amount is asked about. */
  const priced = computed(() => command.value && { ...command.value, amount: null, words: "", pictureIds: [], wantedSkuId: null });
  const quote = useQuery({
    queryKey: ["aftersales", "quote", orderId, priced],
    queryFn: () => quoteCase(orderId(), priced.value as AskCase),
    enabled: () => priced.value !== null,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const asked = computed(() => (partial.value && amount.value ? fenOf(amount.value) : (quote.data.value?.amount ?? null)));
  const tooMuch = computed(() => asked.value === null || asked.value > (quote.data.value?.most ?? 0));

  return { kind, reason, pieces, amount, words, pictures, wanted, lines, open, whyNot, reasons, variants, partial, usable, command, quote, asked, tooMuch };
}
