/** Host and guests in one picture and one sound, for the programme. Nobody here knows of servers. */
import type { Layout } from "./calls";
import { crop, placesOf } from "./places";

export interface Composer {
  /** What goes on air. */
  stream: MediaStream;
  /** Draw and mix these from now on; the host's own first. */
  show: (host: MediaStream, guests: readonly MediaStream[], layout: Layout) => void;
  stop: () => void;
}

/** Begin to compose at this size; the picture keeps it, so that the encoder goes on as it is. */
export function compose(width: number, height: number, fps: number): Composer {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { alpha: false });
  const sound = new AudioContext();
  const mixed = sound.createMediaStreamDestination();
  const stream = new MediaStream([...canvas.captureStream(fps).getVideoTracks(), ...mixed.stream.getAudioTracks()]);
  const views = new Map<MediaStream, HTMLVideoElement>();
  const mics = new Map<MediaStream, MediaStreamAudioSourceNode>();
  let [host, guests, layout]: [MediaStream | null, readonly MediaStream[], Layout] = [null, [], "host_only"];

  function draw(): void {
    if (!context || !host) return;
    const ready = guests.filter((each) => (views.get(each)?.videoWidth ?? 0) > 0);
    for (const { who, ...into } of placesOf(layout, ready.length, width, height)) {
      const view = views.get(who < 0 ? host : (ready[who] as MediaStream));
      if (!view || view.videoWidth === 0) continue;
      const from = crop({ width: view.videoWidth, height: view.videoHeight }, into);
      context.drawImage(view, from.x, from.y, from.width, from.height, into.x, into.y, into.width, into.height);
    }
  }
  const clock = new Worker(new URL("./tick.ts", import.meta.url), { type: "module" });
  clock.onmessage = draw;
  clock.postMessage(1000 / fps);

  function keep(wanted: readonly MediaStream[]): void {
    for (const each of wanted) {
      if (!views.has(each)) {
        const view = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: each });
        void view.play().catch(() => undefined);
        views.set(each, view);
      }
      if (!mics.has(each) && each.getAudioTracks().length > 0) {
        const mic = sound.createMediaStreamSource(each);
        mic.connect(mixed);
        mics.set(each, mic);
      }
    }
    for (const [each, view] of views) {
      if (wanted.includes(each)) continue;
      view.srcObject = null;
      views.delete(each);
    }
    for (const [each, mic] of mics) {
      if (wanted.includes(each)) continue;
      mic.disconnect();
      mics.delete(each);
    }
  }

  return {
    stream,
    show(nextHost, nextGuests, nextLayout) {
      [host, guests, layout] = [nextHost, nextGuests, nextLayout];
      keep([nextHost, ...nextGuests]);
      void sound.resume();
    },
    stop() {
      clock.terminate();
      keep([]);
      stream.getTracks().forEach((track) => track.stop());
      void sound.close();
    },
  };
}
