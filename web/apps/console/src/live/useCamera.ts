/** The camera and microphone of this device, and their way on air. Lives as long as the console's page. */
import { onScopeDispose, reactive, readonly, shallowRef, watch } from "vue";

import * as calls from "@console/calls";

import { WhipClient, type WhipFigures, type WhipState } from "./whip";

export type SourceName = "main" | "backup";
export type CameraTrouble = "insecure" | "refused" | "none" | "busy" | "other";
export const sizes = { portrait: [720, 1280, 2500], portraitHigh: [1080, 1920, 4500], landscape: [1280, 720, 2500] } as const;
export type Size = keyof typeof sizes;

/** Why the browser gave no camera, as a name that we have words for. */
export function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "other";
}

export function useCamera(showId: string) {
  const camera = reactive({
    state: "idle" as WhipState,
    why: null as unknown,
    opening: false,
    trouble: null as CameraTrouble | null,
    cameras: [] as { id: string; label: string }[],
    mics: [] as { id: string; label: string }[],
    /** 0 to 1. */
    level: 0,
    figures: null as WhipFigures | null,
  });
  const wish = reactive({ cameraId: "", micId: "", size: "portrait" as Size, source: "main" as SourceName });
  const stream = shallowRef<MediaStream | null>(null);
  /** What goes on air in place of the camera alone: the picture with guests. */
  let carried: MediaStream | null = null;
  let client: WhipClient | null = null;
  let sound: AudioContext | null = null;
  const timers: ReturnType<typeof setInterval>[] = [];

  async function open(): Promise<void> {
    camera.trouble = null;
    if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
      camera.trouble = "insecure";
      return;
    }
    camera.opening = true;
    try {
      const [width, height] = sizes[wish.size];
      const next = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 }, ...(wish.cameraId && { deviceId: { exact: wish.cameraId } }) },
        audio: { echoCancellation: true, noiseSuppression: true, ...(wish.micId && { deviceId: { exact: wish.micId } }) },
      });
      release();
      stream.value = next;
      listen(next);
      await list();
      wish.cameraId ||= next.getVideoTracks()[0]?.getSettings().deviceId ?? "";
      wish.micId ||= next.getAudioTracks()[0]?.getSettings().deviceId ?? "";
    } catch (error) {
      camera.trouble = troubleOf(error);
    } finally {
      camera.opening = false;
    }
  }

  async function list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const named = (kind: MediaDeviceKind) => devices.filter((each) => each.kind === kind && each.deviceId).map(({ deviceId, label }, at) => ({ id: deviceId, label: label || String(at + 1) }));
    camera.cameras = named("videoinput");
    camera.mics = named("audioinput");
  }

  function listen(media: MediaStream): void {
    if (media.getAudioTracks().length === 0) return;
    sound = new AudioContext();
    const analyser = sound.createAnalyser();
    analyser.fftSize = 512;
    sound.createMediaStreamSource(media).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    timers.push(setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
      // -50 dB is silence, 0 dB is full.
      camera.level = Math.min(1, Math.max(0, (20 * Math.log10(rms + 1e-6) + 50) / 50));
    }, 80));
  }

  function publish(): void {
    if (!stream.value) return;
    camera.why = null;
    const media = carried ?? stream.value;
    client = new WhipClient({
      stream: media,
      maxBitrateKbps: sizes[wish.size][2],
      getToken: () => calls.getWhipToken(showId, wish.source),
      onState: (state, why) => {
        camera.state = state;
        camera.why = why ?? null;
        if (state !== "live") camera.figures = null;
      },
    });
    client.start();
    timers.push(setInterval(async () => {
      if (camera.state === "live") camera.figures = (await client?.figures()) ?? null;
    }, 2000));
  }

  /** Send another picture and sound than the camera's own; null: the camera's again. */
  function carry(next: MediaStream | null): void {
    if (next === carried) return;
    carried = next;
    const media = next ?? stream.value;
    if (media) void client?.replace(media);
  }

  async function stop(): Promise<void> {
    const leaving = client;
    client = null;
    camera.state = "idle";
    camera.figures = null;
    await leaving?.stop();
  }

  function release(): void {
    timers.splice(0).forEach((timer) => clearInterval(timer));
    void sound?.close();
    sound = null;
    stream.value?.getTracks().forEach((track) => track.stop());
    stream.value = null;
    camera.level = 0;
  }

  // Another device or size while previewing: take it up at once. On air it would break the picture.
  watch(wish, (now, _before, onCleanup) => {
    if (!stream.value || client || camera.opening) return;
    const settings = stream.value.getVideoTracks()[0]?.getSettings();
    const same = settings?.deviceId === now.cameraId && stream.value.getAudioTracks()[0]?.getSettings().deviceId === now.micId && opened === now.size;
    if (same) return;
    opened = now.size;
    const later = setTimeout(() => void open(), 50);
    onCleanup(() => clearTimeout(later));
  });
  let opened: Size = wish.size;

  onScopeDispose(() => {
    void stop();
    release();
  });

  return { camera: readonly(camera), wish, stream, open, publish, carry, stop, release };
}

export type Camera = ReturnType<typeof useCamera>;
