/** A kit test, from the camera's first picture to the result: what is measured, step by step. */
import { onBeforeUnmount, ref, shallowRef } from "vue";

import type { Measured } from "./calls";
import { clips, loudness, microphoneOf, type Heard } from "./meters";
import { probe } from "./probe";

export type KitStep = "asking" | "camera" | "noise" | "speech" | "network" | "done";
const FRAME = 50;
const QUIET = 3000;
const SPOKEN = 5000;
/** Speech stands out of the noise by so many decibels. */
const OUT = 8;

export function useKit() {
  const step = ref<KitStep>("asking");
  const stream = shallowRef<MediaStream | null>(null);
  /** Neither camera nor microphone: not there, or not allowed. */
  const refused = ref(false);
  const level = ref(-100);
  const clipped = ref(false);
  const heard = ref(false);
  const progress = ref(0);
  const measured = ref<Measured>({ camera: null, microphone: null, upload: null, stability: null, screen: null });
  let audio: AudioContext | null = null;
  let alive = true;

  async function ask(): Promise<void> {
    step.value = "asking";
    refused.value = false;
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    // What the browser would smooth out is just what is to be heard.
    const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const want = async (constraints: MediaStreamConstraints) => (await navigator.mediaDevices?.getUserMedia(constraints).catch(() => null)) ?? null;
    const got = (await want({ video, audio: sound })) ?? (await want({ video })) ?? (await want({ audio: sound }));
    if (!alive) return got?.getTracks().forEach((track) => track.stop());
    stream.value = got;
    refused.value = got === null;
    step.value = "camera";
  }

  /** The picture as it comes, not as it was promised: frames are counted for a moment. */
  async function look(video: HTMLVideoElement | null): Promise<void> {
    const settings = stream.value?.getVideoTracks()[0]?.getSettings();
    if (!settings || !video || video.videoWidth === 0) return;
    const fps = (await frames(video)) ?? settings.frameRate ?? 0;
    measured.value.camera = { width: video.videoWidth, height: video.videoHeight, fps: Math.round(fps * 10) / 10 };
  }

  /** The rest by itself: silence, speech, line, screen. */
  async function go(video: HTMLVideoElement | null): Promise<void> {
    await look(video);
    await listen();
    if (!alive) return;
    step.value = "network";
    progress.value = 0;
    Object.assign(measured.value, await probe((done) => (progress.value = done), () => alive));
    measured.value.screen = { width: screen.width, height: screen.height, awake: await staysAwake() };
    if (alive) step.value = "done";
  }

  async function listen(): Promise<void> {
    const track = stream.value?.getAudioTracks()[0];
    if (!track) return;
    audio = new AudioContext();
    await audio.resume();
    const analyser = new AnalyserNode(audio, { fftSize: 2048 });
    audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const sample = (): Heard => {
      analyser.getFloatTimeDomainData(samples);
      level.value = loudness(samples);
      clipped.value = clips(samples);
      return { level: level.value, clipped: clipped.value };
    };
    step.value = "noise";
    const quiet = await gather(sample, QUIET);
    const floor = microphoneOf(quiet, quiet).noise;
    step.value = "speech";
    heard.value = false;
    const spoken = await gather(() => {
      const now = sample();
      heard.value ||= now.level > floor + OUT;
      return now;
    }, SPOKEN);
    if (alive && quiet.length && spoken.length) measured.value.microphone = microphoneOf(quiet, spoken);
  }

  async function gather(sample: () => Heard, ms: number): Promise<Heard[]> {
    const all: Heard[] = [];
    const from = performance.now();
    while (alive && performance.now() - from < ms) {
      await new Promise((resolve) => setTimeout(resolve, FRAME));
      all.push(sample());
      progress.value = (performance.now() - from) / ms;
    }
    return all;
  }

  function stop(): void {
    alive = false;
    stream.value?.getTracks().forEach((track) => track.stop());
    stream.value = null;
    void audio?.close().catch(() => undefined);
  }
  onBeforeUnmount(stop);
  return { step, stream, refused, level, clipped, heard, progress, measured, ask, go, stop };
}

/** Frames a second over one second; null where the browser cannot count them. */
function frames(video: HTMLVideoElement): Promise<number | null> {
  if (!("requestVideoFrameCallback" in video)) return Promise.resolve(null);
  return new Promise((resolve) => {
    const from = performance.now();
    let count = 0;
    const end = setTimeout(() => resolve(null), 4000);
    const next = (): void => {
      count += 1;
      const ms = performance.now() - from;
      if (ms < 1000) video.requestVideoFrameCallback(next);
      else {
        clearTimeout(end);
        resolve(((count - 1) * 1000) / ms);
      }
    };
    video.requestVideoFrameCallback(next);
  });
}

async function staysAwake(): Promise<boolean> {
  try {
    const lock = await navigator.wakeLock.request("screen");
    await lock.release();
    return true;
  } catch {
    return false;
  }
}
