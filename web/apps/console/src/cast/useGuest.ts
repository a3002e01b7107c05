/** A guest's camera and its line to the host's page; where the guest stands is asked each second. */
import { isProblem } from "@xinbo/api";
import { onScopeDispose, reactive, ref, shallowRef, watch } from "vue";

import { troubleOf, type CameraTrouble } from "@console/live/useCamera";

import * as calls from "./calls";
import type { GuestSeat } from "./calls";
import { described, makePeer, type Peer, type PeerState } from "./peer";

const LOOK_MS = 1000;
const IDLE_MS = 4000;

export function useGuest(token: string) {
  const seat = shallowRef<GuestSeat | null>(null);
  const why = shallowRef<unknown>(null);
  const own = shallowRef<MediaStream | null>(null);
  const host = shallowRef<MediaStream | null>(null);
  const trouble = ref<CameraTrouble | null>(null);
  const opening = ref(false);
  const level = ref(0);
  const cameras = ref<{ value: string; label: string }[]>([]);
  const mics = ref<{ value: string; label: string }[]>([]);
  const wish = reactive({ cameraId: "", micId: "" });
  const asked = shallowRef<unknown>(null);
  const connection = ref<PeerState>("connecting");
  let line: (Peer & { round: number; answered: boolean }) | null = null;
  let sound: AudioContext | null = null;
  let meter: ReturnType<typeof setInterval> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  async function open(): Promise<void> {
    trouble.value = null;
    if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
      trouble.value = "insecure";
      return;
    }
    opening.value = true;
    try {
      const next = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 720 }, height: { ideal: 960 }, frameRate: { ideal: 30 }, ...(wish.cameraId ? { deviceId: { exact: wish.cameraId } } : { facingMode: "user" }) },
        audio: { echoCancellation: true, noiseSuppression: true, ...(wish.micId && { deviceId: { exact: wish.micId } }) },
      });
      release();
      own.value = next;
      listen(next);
      const devices = await navigator.mediaDevices.enumerateDevices();
      const named = (kind: MediaDeviceKind) => devices.filter((each) => each.kind === kind && each.deviceId).map(({ deviceId, label }, at) => ({ value: deviceId, label: label || String(at + 1) }));
      [cameras.value, mics.value] = [named("videoinput"), named("audioinput")];
      wish.cameraId ||= next.getVideoTracks()[0]?.getSettings().deviceId ?? "";
      wish.micId ||= next.getAudioTracks()[0]?.getSettings().deviceId ?? "";
    } catch (error) {
      trouble.value = troubleOf(error);
    } finally {
      opening.value = false;
    }
  }
  watch([() => wish.cameraId, () => wish.micId], (_now, [camera, mic]) => {
    if (own.value && camera && mic && !line) void open();
  });

  function listen(media: MediaStream): void {
    if (media.getAudioTracks().length === 0) return;
    sound = new AudioContext();
    const analyser = sound.createAnalyser();
    analyser.fftSize = 512;
    sound.createMediaStreamSource(media).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    meter = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
      level.value = Math.min(1, Math.max(0, (20 * Math.log10(rms + 1e-6) + 50) / 50));
    }, 100);
  }
  function release(): void {
    clearInterval(meter);
    void sound?.close();
    sound = null;
    own.value?.getTracks().forEach((track) => track.stop());
    own.value = null;
    level.value = 0;
  }
  function hangUp(): void {
    line?.close();
    line = null;
    host.value = null;
    connection.value = "connecting";
  }

  /** Do what the state asks for: offer, take the answer, or hang up. */
  async function follow(now: GuestSeat): Promise<void> {
    seat.value = now;
    why.value = null;
    if (!["admitted", "on_air"].includes(now.state) || !own.value) return hangUp();
    if (line && line.round !== now.round) hangUp();
    if (!line) return offer(now, own.value);
    if (now.answer && !line.answered) {
      line.answered = true;
      await line.connection.setRemoteDescription({ type: "answer", sdp: now.answer }).catch(hangUp);
    }
  }
  async function offer(now: GuestSeat, local: MediaStream): Promise<void> {
    const next = { round: now.round, answered: false, ...makePeer(now.iceServers, local, (state) => (connection.value = state), () => (host.value = next.remote)) };
    line = next;
    const sdp = await described(next.connection, await next.connection.createOffer());
    const after = await calls.guestOffer(token, now.round, sdp);
    // An older page of ours had offered: the server counted on, and what we hold is of the new round.
    if (line === next) next.round = after.round;
    seat.value = after;
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      await follow(await calls.guestHere(token));
    } catch (error) {
      if (isProblem(error, "RoundOver")) hangUp();
      else why.value = error;
      if (isProblem(error, "GuestLinkRefused")) {
        seat.value = null;
        hangUp();
        release();
        gone = true;
      }
    }
    const inside = seat.value && ["asking", "admitted", "on_air"].includes(seat.value.state);
    if (!gone) timer = setTimeout(() => void look(), inside ? LOOK_MS : IDLE_MS);
  }
  async function step(run: () => Promise<GuestSeat>): Promise<void> {
    asked.value = null;
    try {
      await follow(await run());
      void look();
    } catch (error) {
      asked.value = error;
    }
  }
  const ask = () => step(() => calls.guestAsk(token));
  const leave = () => step(() => calls.guestLeave(token));

  void look();
  onScopeDispose(() => {
    gone = true;
    clearTimeout(timer);
    hangUp();
    release();
  });
  return { seat, why, own, host, trouble, opening, level, cameras, mics, wish, asked, connection, open, ask, leave };
}
