import type { PromotionState } from "@console/types";

/** The colour of each state; its words say the same. */
export const promotionTones: Readonly<Record<PromotionState, "plain" | "jade" | "amber">> = { draft: "plain", scheduled: "amber", running: "jade", ended: "plain" };
