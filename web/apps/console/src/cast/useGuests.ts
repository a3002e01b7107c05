/** Guests' cameras on the host's page: connected, heard, and put into one picture with the host. */
import { isProblem } from "@xinbo/api";
import { onScopeDispose, shallowReactive, watch, type ShallowRef } from "vue";

import type { Camera } from "@console/live/useCamera";

import * as calls from "./calls";
import type { Cast, Guest } from "./calls";
import { compose, type Composer } from "./compose";
import { described, makePeer, type Peer } from "./peer";

const FASTEST = 30;

interface Line extends Peer {
  round: number;
}

/** `mine` says whether this page is the one that composes: its user holds the show, or nobody does. */
export function useGuests(showId: string, cast: ShallowRef<Cast | null>, camera: Camera, mine: () => boolean, look: () => void) {
  const lines = new Map<string, Line>();
  /** Pictures and sound of the guests that are connected here, by id. */
  const streams = shallowReactive(new Map<string, MediaStream>());
  let composer: Composer | null = null;

  function hangUp(id: string): void {
    lines.get(id)?.close();
    lines.delete(id);
    streams.delete(id);
  }

  async function connect(guest: Guest, local: MediaStream): Promise<void> {
    const line: Line = { round: guest.round, ...makePeer(cast.value?.iceServers ?? [], local, heard, () => streams.set(guest.id, line.remote)) };
    lines.set(guest.id, line);
    async function heard(state: string): Promise<void> {
      if (lines.get(guest.id) !== line || state === "connecting") return;
      if (state === "lost") hangUp(guest.id);
      await calls.moveGuest(showId, guest.id, state === "lost" ? "again" : "connected").catch(() => undefined);
      look();
    }
    try {
      await line.connection.setRemoteDescription({ type: "offer", sdp: guest.offer ?? "" });
      const sdp = await described(line.connection, await line.connection.createAnswer());
      await calls.answerGuest(showId, guest.id, guest.round, sdp);
    } catch (error) {
      if (lines.get(guest.id) === line) hangUp(guest.id);
      // Another page was first, or the guest began anew; anything else is tried again.
      if (!isProblem(error) || error.passing) await calls.moveGuest(showId, guest.id, "again").catch(() => undefined);
    }
  }

  watch([cast, camera.stream], () => {
    const local = camera.stream.value;
    const present = new Map((cast.value?.guests ?? []).map((each) => [each.id, each]));
    for (const [id, line] of lines) {
      const guest = present.get(id);
      if (!local || !guest || guest.round !== line.round || !["admitted", "on_air"].includes(guest.state)) hangUp(id);
    }
    if (!local || !mine()) return;
    for (const guest of present.values()) {
      if (lines.has(guest.id)) continue;
      if (guest.state === "admitted" && guest.offer && !guest.answered) void connect(guest, local);
      // Answered, but not by this page as it is now: it was opened again. The guest is to call once more.
      else if (["admitted", "on_air"].includes(guest.state) && guest.answered) void calls.moveGuest(showId, guest.id, "again").then(look, () => undefined);
    }
  });

  watch([() => [...streams.values()], camera.stream, () => cast.value?.layout], () => {
    const local = camera.stream.value;
    const guests = [...streams.values()];
    if (!local || guests.length === 0) {
      composer?.stop();
      composer = null;
      camera.carry(null);
      return;
    }
    if (!composer) {
      const { width = 720, height = 1280, frameRate = FASTEST } = local.getVideoTracks()[0]?.getSettings() ?? {};
      composer = compose(width, height, Math.min(FASTEST, Math.round(frameRate) || FASTEST));
    }
    composer.show(local, guests, cast.value?.layout ?? "side_by_side");
    camera.carry(composer.stream);
  });

  onScopeDispose(() => {
    for (const id of [...lines.keys()]) hangUp(id);
    composer?.stop();
  });
  return { streams };
}
