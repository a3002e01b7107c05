/** Editing a show's plan: what changed, saving it part by part, and what others changed meanwhile. */
import { isProblem } from "@xinbo/api";
import { computed, ref, shallowRef } from "vue";

import * as calls from "@console/calls";
import type { ShowPlan } from "@console/types";

import { changedParts, draftOf, faultsOf, parts, putItemsOf, putShowOf, type Part, type PlanDraft } from "./draft";

export type Saving = "clean" | "dirty" | "saving" | "failed" | "conflict";

export interface PlanCalls {
  getPlan: typeof calls.getPlan;
  putShow: typeof calls.putShow;
  putLineUp: typeof calls.putLineUp;
}

export function useDraft(first: ShowPlan, listPrices: () => ReadonlyMap<string, number>, server: PlanCalls = calls) {
  const plan = shallowRef(first);
  const draft = ref<PlanDraft>(draftOf(first));
  const saving = ref(false);
  const error = ref<unknown>(null);
  /** Parts that someone else changed while we edited them too. */
  const clash = ref<Part[]>([]);
  /** Parts that someone else changed and that were taken over quietly. */
  const taken = ref<Part[]>([]);

  const base = computed(() => draftOf(plan.value));
  const dirty = computed(() => changedParts(base.value, draft.value));
  const faults = computed(() => faultsOf(draft.value, listPrices()));
  const state = computed<Saving>(() => {
    if (saving.value) return "saving";
    if (clash.value.length > 0) return "conflict";
    if (error.value) return "failed";
    return dirty.value.length > 0 ? "dirty" : "clean";
  });

  /** Take in a newer plan: our own changes stay on the page, everything else becomes theirs. */
  function takeIn(newer: ShowPlan, ours: Part[] = dirty.value): void {
    const fresh = draftOf(newer);
    for (const part of parts) if (!ours.includes(part)) Object.assign(draft.value, { [part]: fresh[part] });
    plan.value = newer;
  }

  async function save(): Promise<boolean> {
    if (saving.value || faults.value.length > 0) return false;
    saving.value = true;
    error.value = null;
    clash.value = [];
    taken.value = [];
    try {
      for (const part of order()) {
        const { id } = plan.value.show;
        const { version } = plan.value;
        if (part === "particulars") plan.value = await server.putShow(id, putShowOf(draft.value, version));
        else plan.value = await server.putLineUp(id, putItemsOf(draft.value), version);
      }
      draft.value = draftOf(plan.value);
      return true;
    } catch (caught) {
      if (isProblem(caught, "VersionConflict")) await conflict();
      else error.value = caught;
      return false;
    } finally {
      saving.value = false;
    }
  }

  const order = () => parts.filter((part) => dirty.value.includes(part));

  async function conflict(): Promise<void> {
    try {
      const ours = dirty.value;
      const newer = await server.getPlan(plan.value.show.id);
      const theirs = changedParts(base.value, draftOf(newer));
      takeIn(newer, ours);
      clash.value = ours.filter((part) => theirs.includes(part));
      taken.value = theirs.filter((part) => !ours.includes(part));
      // Nothing of ours was touched: what we wanted still fits, so only say what came in.
      if (clash.value.length === 0) error.value = null;
    } catch (caught) {
      error.value = caught;
    }
  }

  /** Settle a clash: keep what is on the page, or take what others wrote. */
  function settle(keep: boolean): void {
    if (!keep) {
      const fresh = draftOf(plan.value);
      for (const part of parts) if (clash.value.includes(part)) Object.assign(draft.value, { [part]: fresh[part] });
    }
    clash.value = [];
  }

  function discard(): void {
    draft.value = draftOf(plan.value);
    clash.value = [];
    taken.value = [];
    error.value = null;
  }

  return { plan, draft, dirty, faults, state, error, clash, taken, save, settle, discard, takeIn };
}

export type Draft = ReturnType<typeof useDraft>;
