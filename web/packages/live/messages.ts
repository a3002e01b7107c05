/** What goes over a room's socket, both ways; the server's `edge` room is the other side of it. */
import type { StageView } from "@xinbo/api";

export interface ChatMessage {
  t: "chat";
  id: string;
  /** A short hash that stays the same for one viewer in one show. */
  by: string;
  name: string;
  role: "shopper" | "host" | "staff";
  text: string;
  at: number | string;
  kind?: "chat" | "question" | "complaint";
  /** The author's level of membership. */
  level?: string | null;
  /** The author has bought from this shop. */
  buyer?: boolean;
  /** Said by the demo's simulated audience. */
  simulated?: boolean;
  /** Not from the wire: what became of it. Only its author has those that are not shown. */
  fate?: "held" | "sampled" | "removed";
}

/** To its author alone: a message is not simply shown. */
export interface FateMessage {
  t: "fate";
  id: string;
  state: "held" | "sampled";
  why: string | null;
}

/** A message was taken off every screen. */
export interface RemovedMessage {
  t: "removed";
  id: string;
}

/** Staff only: how much chat of the last seconds was shown, and how much left out. */
export interface LoadMessage {
  t: "load";
  shown: number;
  sampled: number;
}

export interface Seat {
  name: string;
  role: string;
  page: string;
  userId: string;
}

/** Staff only: who of them has the room open. */
export interface SeatsMessage {
  t: "seats";
  seats: Seat[];
}

export interface HelloMessage {
  t: "hello";
  viewerId: string;
  /** This viewer's own mark in `ChatMessage.by`. */
  by?: string;
  online: number;
  likes: number;
  /** The last messages, oldest first. */
  chat: ChatMessage[];
  serverMs: number;
}

export interface LikesMessage {
  t: "likes";
  /** All likes of the show so far. */
  n: number;
}

export interface ViewersMessage {
  t: "viewers";
  /** Online now, each viewer once. */
  n: number;
  /** How many of them are the demo's simulated audience. */
  simulated?: number;
}

export interface JoinsMessage {
  t: "joins";
  names: string[];
  n: number;
  simulated?: boolean;
}

export type StageMessage = { t: "stage" } & StageView;

export interface StockMessage {
  t: "stock";
  /** Pieces left, by SKU id. */
  items: Record<string, number>;
  seq: number;
}

export interface ShowMessage {
  t: "show";
  showId: string;
  status: "live" | "ended";
}

export interface VideoMessage {
  t: "video";
  state: "offline" | "starting" | "live";
  playbackPath?: string | null;
  playbackUrl: string | null;
}

export interface ToastMessage {
  t: "toast";
  kind: "ordered";
  /** Masked; empty when the buyer has left. */
  name: string;
  productId: string;
  n: number;
  simulated?: boolean;
}

export interface ByeMessage {
  t: "bye";
  reason: "slow" | "expired" | "ended" | "limit" | "restart" | "kicked";
}

export interface RefusedMessage {
  t: "refused";
  of: string;
  type: string;
  [fact: string]: unknown;
}

/** Staff only: the figures of the show so far. */
export interface NumbersMessage {
  t: "numbers";
  [figure: string]: unknown;
}

/** Staff only: how the incoming video does. */
export interface IngestMessage {
  t: "ingest";
  bitrateKbps: number;
  width: number;
  height: number;
  fps: number;
  dropped: number;
  lastKeyframeMs: number;
  protocol: string;
  /** Which of the two ways in it is about. */
  source?: "main" | "backup";
  /** Whether viewers see it, or it is held ready. */
  onAir?: boolean;
  simulated?: boolean;
}

/** Staff only: how the source does that is held ready while the other is on air. */
export interface StandbyMessage extends Omit<IngestMessage, "t"> {
  t: "standby";
}

/** Something changed that a page may read: ids and states, no text of anyone's. */
export interface ToldMessage {
  t: "told";
  about: string;
  id?: string;
  [fact: string]: unknown;
}

export type ServerMessage =
  | ToldMessage
  | FateMessage
  | RemovedMessage
  | LoadMessage
  | SeatsMessage
  | HelloMessage
  | ChatMessage
  | LikesMessage
  | ViewersMessage
  | JoinsMessage
  | StageMessage
  | StockMessage
  | ShowMessage
  | VideoMessage
  | ToastMessage
  | ByeMessage
  | RefusedMessage
  | NumbersMessage
  | IngestMessage
  | StandbyMessage;

/** One frame: what happened in a tenth of a second. */
export interface Frame {
  f: number;
  /** The server's clock, milliseconds. */
  at: number;
  m: ServerMessage[];
}

export type ClientMessage =
  | { t: "chat"; id: string; text: string }
  | { t: "like"; n: number }
  | { t: "at"; page: string }
  | { t: "beat"; watching: boolean; playing: boolean; positionMs: number }
  | { t: "ev"; type: string; productId?: string; value?: number }
  | { t: "ticket"; ticket: string };

/** What `POST /api/v1/shows/{id}/ticket` hands out. */
export interface RoomTicket {
  ticket: string;
  edgeUrl: string;
  expiresAt: string;
}

/** Read a frame; `null` for anything that is not one, so that a bad frame harms nothing. */
export function readFrame(text: unknown): Frame | null {
  if (typeof text !== "string") return null;
  try {
    const frame = JSON.parse(text) as Partial<Frame> | null;
    return frame && Array.isArray(frame.m) ? { f: Number(frame.f ?? 0), at: Number(frame.at ?? 0), m: frame.m } : null;
  } catch {
    return null;
  }
}
