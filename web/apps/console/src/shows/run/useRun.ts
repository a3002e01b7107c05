/** Editing a run-of-show: every change can be undone, is saved by itself, and never overwrites someone else's unseen. */
import { isProblem } from "@xinbo/api";
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";

import * as calls from "@console/calls";
import type { ShowPlan } from "@console/types";

import { begin, redo, rest, step, undo, type History } from "./history";
import { faultsOf, putOf, runOf, type Run } from "./timeline";

export type Saving = "clean" | "dirty" | "saving" | "failed" | "conflict" | "faulty";
export interface RunCalls {
  getPlan: typeof calls.getPlan;
  putCues: typeof calls.putCues;
}

/** How long nothing is changed before it is saved, in milliseconds. */
export const PAUSE = 1200;
const essence = (run: Run) => JSON.stringify(putOf(run));

export function useRun(first: ShowPlan, server: RunCalls = calls, pause = PAUSE) {
  const plan = shallowRef(first);
  const history = shallowRef<History<Run>>(begin<Run>(runOf(first.cues)));
  const cues = computed(() => history.value.now);
  const selectedId = ref<string | null>(null);
  const selected = computed(() => cues.value.find(({ id }) => id === selectedId.value) ?? null);
  const saving = ref(false);
  const error = ref<unknown>(null);
  /** Someone else changed the run-of-show while we did: theirs is the plan, ours is on the page. */
  const clash = ref(false);

  const base = computed(() => essence(runOf(plan.value.cues)));
  const dirty = computed(() => essence(cues.value) !== base.value);
  const faulty = computed(() => new Set(cues.value.filter((cue) => faultsOf(cue).length > 0).map(({ id }) => id)));
  const state = computed<Saving>(() => {
    if (saving.value) return "saving";
    if (clash.value) return "conflict";
    if (error.value) return "failed";
    if (!dirty.value) return "clean";
    return faulty.value.size > 0 ? "faulty" : "dirty";
  });

  function change(next: Run, about = ""): void {
    history.value = step(history.value, next, about);
  }
  const settleTyping = () => (history.value = rest(history.value));
  const goBack = () => (history.value = undo(history.value));
  const goOn = () => (history.value = redo(history.value));
  const canUndo = computed(() => history.value.past.length > 0);
  const canRedo = computed(() => history.value.future.length > 0);

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch([cues, saving, clash], () => {
    clearTimeout(timer);
    if (dirty.value && !saving.value && !clash.value && !error.value && faulty.value.size === 0) timer = setTimeout(() => void save(), pause);
  });
  watch(cues, () => (error.value = null), { flush: "sync" });
  onScopeDispose(() => clearTimeout(timer));

  /** Save what is on the page. Answers whether the server has all of it now. */
  async function save(): Promise<boolean> {
    clearTimeout(timer);
    if (saving.value || faulty.value.size > 0) return false;
    if (!dirty.value) return true;
    saving.value = true;
    error.value = null;
    try {
      plan.value = await server.putCues(plan.value.show.id, putOf(cues.value), plan.value.version);
      clash.value = false;
    } catch (caught) {
      if (isProblem(caught, "VersionConflict")) await meet();
      else error.value = caught;
    } finally {
      saving.value = false;
    }
    return !dirty.value;
  }

  /** Someone saved in between. Where they left the cues alone, ours still fit and are sent again. */
  async function meet(): Promise<void> {
    try {
      const newer = await server.getPlan(plan.value.show.id);
      const touched = essence(runOf(newer.cues)) !== base.value;
      plan.value = newer;
      if (touched) clash.value = dirty.value;
      else plan.value = await server.putCues(newer.show.id, putOf(cues.value), newer.version);
    } catch (caught) {
      error.value = caught;
    }
  }

  /** Settle a clash: keep what is on the page, or take what others wrote. */
  function settle(keep: boolean): void {
    clash.value = false;
    if (keep) void save();
    else history.value = step(history.value, runOf(plan.value.cues));
  }

  /** Take in a plan that came from elsewhere; what was undone before cannot come back over it. */
  function takeIn(newer: ShowPlan): void {
    plan.value = newer;
    history.value = begin<Run>(runOf(newer.cues));
    error.value = null;
    clash.value = false;
    if (!selected.value) selectedId.value = null;
  }

  /** What others saved meanwhile comes in quietly where nothing of ours waits to be saved. */
  function hear(newer: ShowPlan): void {
    if (newer.version <= plan.value.version || dirty.value || saving.value || clash.value) return;
    if (essence(runOf(newer.cues)) === base.value) plan.value = newer;
    else takeIn(newer);
  }

  return { plan, cues, selectedId, selected, dirty, faulty, state, error, clash, canUndo, canRedo, change, settleTyping, goBack, goOn, save, settle, takeIn, hear };
}

export type RunEditing = ReturnType<typeof useRun>;
