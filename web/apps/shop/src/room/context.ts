/** What the parts of the live room share. */
import type { StageView } from "@xinbo/api";
import type { ClientMessage, useRoom } from "@xinbo/live";
import { inject, provide, type ComputedRef, type InjectionKey } from "vue";

type Joined = ReturnType<typeof useRoom>;

/** Sheets over the playing video. */
export type RoomSheet = "shelf" | "seller" | "menu" | "service" | "ask" | "standing";

export interface InRoom {
  showId: string;
  stage: ComputedRef<StageView>;
  room: Joined["room"];
  chat: Joined["chat"];
  /** Whether this viewer may speak: guests sign in first. */
  canChat: ComputedRef<boolean>;
  /** Send over the socket now; false when there is none. */
  send: (message: ClientMessage) => boolean;
  on: Joined["on"];
  onTold: Joined["onTold"];
  openSheet: (sheet: RoomSheet | null) => void;
  /** Read the stage afresh. */
  reload: () => Promise<void>;
}

const ROOM: InjectionKey<InRoom> = Symbol("room");

export const provideRoom = (room: InRoom): void => provide(ROOM, room);

/** The live room that this part stands in. */
export function useInRoom(): InRoom {
  const room = inject(ROOM);
  if (!room) throw new Error("A part of the live room stands outside it");
  return room;
}
