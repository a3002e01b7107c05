/** What the panels of the live console share: the room, the stage, and how to act on them. */
import type { StageView } from "@xinbo/api";
import type { ChatMessage, ClientMessage, useRoom } from "@xinbo/live";
import { inject, onScopeDispose, provide, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from "vue";

import type { Can, ShowPlan } from "@console/types";

type Joined = ReturnType<typeof useRoom>;

/** Keys by what they print, letters in lower case; undefined: not now. */
export type KeyMap = (key: string) => (() => void) | undefined;

export interface Live {
  showId: string;
  plan: ComputedRef<ShowPlan>;
  stage: ComputedRef<StageView>;
  room: Joined["room"];
  chat: ShallowRef<ChatMessage[]>;
  numbers: Joined["numbers"];
  /** Titles of cues and products by id. */
  names: ComputedRef<ReadonlyMap<string, string>>;
  onAir: ComputedRef<boolean>;
  rehearsal: ComputedRef<boolean>;
  busy: Ref<boolean>;
  can: (permission: Can) => ComputedRef<boolean>;
  /** Send over the socket now; false when there is none. */
  send: (message: ClientMessage) => boolean;
  on: Joined["on"];
  onTold: Joined["onTold"];
  /** Do something that changes the show, one at a time; a refusal is told, `said` stands in the foot. */
  act: (run: () => Promise<unknown>, said: string) => Promise<boolean>;
  complain: (error: unknown) => void;
  /** Read the stage afresh. */
  reload: () => Promise<void>;
  /** Answer keys as long as the panel is there; an earlier panel's answer wins. */
  keys: (map: KeyMap) => void;
}

const LIVE: InjectionKey<Live> = Symbol("live");

export const provideLive = (live: Live): void => provide(LIVE, live);

/** The console that this panel is part of. */
export function useLive(): Live {
  const live = inject(LIVE);
  if (!live) throw new Error("A panel of the live console stands outside it");
  return live;
}

/** The panels' keys: ask each until one answers. */
export function useKeyMaps() {
  const maps = new Set<KeyMap>();
  return {
    keys(map: KeyMap): void {
      maps.add(map);
      onScopeDispose(() => maps.delete(map));
    },
    answer(key: string): (() => void) | undefined {
      for (const map of maps) {
        const run = map(key);
        if (run) return run;
      }
      return undefined;
    },
  };
}

/** Whether an answer is a stage: acts on the stage answer with it whole. */
export function isStage(answer: unknown): answer is StageView {
  return typeof answer === "object" && answer !== null && "seq" in answer && "items" in answer;
}
