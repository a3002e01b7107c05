import { getCurrentScope, onScopeDispose, reactive, readonly, shallowRef } from "vue";
import { newKey, type StageView } from "@xinbo/api";

import type { ChatMessage, FateMessage, IngestMessage, NumbersMessage, RefusedMessage, Seat, ServerMessage, ToastMessage, ToldMessage, VideoMessage } from "./messages";
import { RoomClient, type Beat, type RoomOptions, type RoomStatus } from "./room";

/** Messages that a page keeps; older ones scroll away for good. */
const KEPT_CHAT = 200;
const JOIN_SHOWN_MS = 4000;

export interface UseRoomOptions {
  getTicket: RoomOptions["getTicket"];
  getStage: RoomOptions["getStage"];
  beat?: () => Beat;
  onRefused?: (message: RefusedMessage) => void;
  onToast?: (message: ToastMessage) => void;
  /** The server's clock moved against ours. */
  onClock?: (offsetMs: number) => void;
  onClosed?: (why: unknown) => void;
}

/** The state of a live room, for a page to show; leaves the room when the page goes. */
export function useRoom(options: UseRoomOptions) {
  const room = reactive({
    status: "connecting" as RoomStatus,
    online: 0,
    /** How many of those online are simulated. */
    simulated: 0,
    /** Our own mark in the chat. */
    by: "",
    likes: 0,
    joined: null as { names: string[]; n: number; simulated: boolean } | null,
    left: {} as Record<string, number>,
    video: null as Omit<VideoMessage, "t"> | null,
    why: null as unknown,
    /** When the next message may be sent, on the server's clock: slow mode, or too fast. */
    mayTalkAt: 0,
    /** Until when this viewer may not speak; `until` null: for the show. */
    muted: null as { until: string | null } | null,
    /** Staff only: what share of the chat is shown just now. */
    load: { shown: 0, sampled: 0 },
    /** Staff only: who of them is there. */
    seats: [] as Seat[],
  });
  /** What was said from here and has not come back yet. */
  const said = new Map<string, string>();
  const stage = shallowRef<StageView | null>(null);
  const chat = shallowRef<ChatMessage[]>([]);
  const numbers = shallowRef<NumbersMessage | null>(null);
  const ingest = shallowRef<IngestMessage | null>(null);
  let stockSeq = -1;
  /** When the socket last told of each SKU, on the server's clock. */
  const toldAt = new Map<string, number>();
  let joinTimer: ReturnType<typeof setTimeout> | undefined;

  const client = new RoomClient({
    getTicket: options.getTicket,
    getStage: options.getStage,
    beat: options.beat ?? (() => ({ watching: document.visibilityState === "visible", playing: false, positionMs: 0 })),
    onMessage: take,
    onStage: (next, fetched) => {
      stage.value = next;
      if (fetched) countAfresh(next);
    },
    onStatus: (status, why) => {
      room.status = status;
      if (status === "open") options.onClock?.(client.clock.offset);
      if (status !== "closed") return;
      room.why = why ?? null;
      options.onClosed?.(why);
    },
  });

  /** Who listens to which type of message beside the state kept here. */
  const listeners = new Map<string, Set<(message: never) => void>>();

  /** Hear every message of a type, until the scope that asked goes. */
  function on<T extends ServerMessage["t"]>(t: T, heard: (message: Extract<ServerMessage, { t: T }>) => void): void {
    const those = listeners.get(t) ?? new Set();
    listeners.set(t, those.add(heard));
    if (getCurrentScope()) onScopeDispose(() => those.delete(heard));
  }
  /** Hear that something changed: `about` names what. */
  function onTold(about: string, heard: (message: ToldMessage) => void): void {
    on("told", (message) => message.about === about && heard(message));
  }

  function take(message: ServerMessage): void {
    for (const heard of listeners.get(message.t) ?? []) heard(message as never);
    switch (message.t) {
      case "hello":
        room.online = message.online;
        room.by = message.by ?? "";
        room.likes = Math.max(room.likes, message.likes);
        chat.value = merged(message.chat, chat.value);
        return;
      case "chat":
        return show(message);
      case "fate":
        return keepOwn(message);
      case "removed":
        chat.value = chat.value.map((each) => (each.id === message.id ? { ...each, text: "", fate: "removed" } : each));
        return;
      case "load":
        room.load = { shown: message.shown, sampled: message.sampled };
        return;
      case "seats":
        room.seats = message.seats;
        return;
      case "likes":
        room.likes = Math.max(room.likes, message.n);
        return;
      case "viewers":
        room.online = message.n;
        room.simulated = message.simulated ?? 0;
        return;
      case "joins":
        room.joined = { names: message.names, n: message.n, simulated: message.simulated === true };
        clearTimeout(joinTimer);
        joinTimer = setTimeout(() => (room.joined = null), JOIN_SHOWN_MS);
        return;
      case "stock":
        if (message.seq < stockSeq) return;
        stockSeq = message.seq;
        Object.assign(room.left, message.items);
        for (const id of Object.keys(message.items)) toldAt.set(id, client.clock.now());
        return;
      case "show":
        void client.catchUp();
        return;
      case "video":
        room.video = { state: message.state, playbackUrl: message.playbackUrl };
        return;
      case "toast":
        options.onToast?.(message);
        return;
      case "refused":
        notNow(message);
        options.onRefused?.(message);
        return;
      case "numbers":
        numbers.value = message;
        return;
      case "ingest":
        ingest.value = message;
    }
  }

  /** A fetched stage knows what is left, unless the socket told of a SKU after it was read. */
  function countAfresh({ at, items }: StageView): void {
    const readAt = Date.parse(at);
    for (const sku of items?.flatMap(({ skus }) => skus) ?? []) {
      if (!((toldAt.get(sku.id) ?? 0) > readAt)) room.left[sku.id] = sku.left;
    }
  }

  /** Show a message in its place: one that was held comes late, at its own time. */
  function show(message: ChatMessage): void {
    if (message.by === room.by && said.delete(message.id)) waitFor(stage.value?.slowSeconds ?? 0);
    const known = chat.value.find(({ id }) => id === message.id);
    if (known && known.fate !== "held" && known.fate !== "sampled") return;
    const others = known ? chat.value.filter(({ id }) => id !== message.id) : chat.value;
    const at = momentOf(message);
    let place = others.length;
    while (place > 0 && momentOf(others[place - 1]!) > at) place -= 1;
    chat.value = [...others.slice(0, place), message, ...others.slice(place)].slice(-KEPT_CHAT);
  }
  /** What only its author sees, and why. */
  function keepOwn({ id, state }: FateMessage): void {
    const text = said.get(id);
    if (text === undefined) return;
    said.delete(id);
    waitFor(stage.value?.slowSeconds ?? 0);
    const own: ChatMessage = { t: "chat", id, by: room.by, name: "", role: "shopper", text, at: new Date(client.clock.now()).toISOString(), fate: state };
    chat.value = [...chat.value, own].slice(-KEPT_CHAT);
  }
  function waitFor(seconds: number): void {
    if (seconds > 0) room.mayTalkAt = Math.max(room.mayTalkAt, client.clock.now() + seconds * 1000);
  }
  function notNow(message: RefusedMessage): void {
    if (message.of !== "chat") return;
    if (typeof message.retryAfter === "number") waitFor(message.retryAfter);
    if (message.type === "Muted") room.muted = { until: typeof message.until === "string" ? message.until : null };
  }
  /** Say something to everyone; false when there is no open socket. */
  function speak(text: string): boolean {
    const id = newKey();
    if (!client.send({ t: "chat", id, text })) return false;
    said.set(id, text);
    if (said.size > KEPT_CHAT) said.delete(said.keys().next().value ?? "");
    return true;
  }
  /** Give back what was not taken, so that it can be said again. */
  function takeBack(id: unknown): string | null {
    const text = typeof id === "string" ? said.get(id) : undefined;
    if (typeof id === "string") said.delete(id);
    return text ?? null;
  }
  onTold("chat", ({ became }) => {
    if (became === "muted") room.muted = { until: null };
    if (became === "lifted") room.muted = null;
  });

  onScopeDispose(() => {
    clearTimeout(joinTimer);
    client.stop();
  });

  return { room: readonly(room), stage, chat, numbers, ingest, client, on, onTold, speak, takeBack };
}

function momentOf({ at }: ChatMessage): number {
  return typeof at === "number" ? at : Date.parse(at);
}

/** What the server remembers, then what we heard that it does not list; each message once. */
function merged(theirs: ChatMessage[], ours: ChatMessage[]): ChatMessage[] {
  const known = new Set(theirs.map(({ id }) => id));
  return [...ours.filter(({ id }) => !known.has(id)), ...theirs].slice(-KEPT_CHAT);
}
