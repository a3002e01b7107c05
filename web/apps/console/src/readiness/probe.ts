/** The line to this server: bytes up, and small requests there and back. */
import { stabilityOf, uploadOf } from "./meters";

const PIECE = 1_000_000;
const WARM = 100_000;
const TRIES = 3;
const ECHOES = 20;
const PATIENCE = 15_000;

/** Bytes that nothing on the way can press together. */
export function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(piece.subarray(at, Math.min(bytes, at + 65_536)));
  return piece;
}

async function timed(run: () => Promise<Response>): Promise<number | null> {
  const from = performance.now();
  try {
    const answer = await run();
    await answer.arrayBuffer();
    return answer.ok ? performance.now() - from : null;
  } catch {
    return null;
  }
}
const send = (body: Uint8Array<ArrayBuffer>) => timed(() => fetch("/api/v1/console/kit/upload", { method: "POST", body, headers: { "Content-Type": "application/octet-stream" }, signal: AbortSignal.timeout(PATIENCE) }));
const echo = () => timed(() => fetch("/api/v1/console/kit/echo", { cache: "no-store", signal: AbortSignal.timeout(3000) }));

/** Measure it; `tell` hears how far it is, 0 to 1. Null where nothing came back. */
export async function probe(tell: (done: number) => void, go: () => boolean = () => true) {
  const all = TRIES + ECHOES / 4 + 1;
  let done = 0;
  const step = (by: number) => tell(Math.min(1, (done += by) / all));
  await send(noise(WARM)); // the first request opens the connection
  step(1);
  const body = noise(PIECE);
  const speeds: { bytes: number; ms: number }[] = [];
  for (let at = 0; at < TRIES && go(); at += 1) {
    const ms = await send(body);
    if (ms !== null) speeds.push({ bytes: PIECE, ms });
    step(1);
  }
  const times: (number | null)[] = [];
  for (let at = 0; at < ECHOES && go(); at += 1) {
    times.push(await echo());
    step(1 / 4);
  }
  return { upload: speeds.length ? uploadOf(speeds) : null, stability: times.some((time) => time !== null) ? stabilityOf(times) : null };
}
