/** The run-of-show as pure functions: cues on a line of whole minutes after the start of the show. */
import { newKey } from "@xinbo/api";

import type { Cue, CueFormat, CueKind, PutCue } from "@console/types";

export const KINDS: readonly CueKind[] = ["product", "interaction", "promotion", "story", "guest", "break"];
export const FORMATS: readonly CueFormat[] = ["solo", "duo", "scene", "game"];
/** The last minute at which a cue may begin, and the most that one may take. */
export const LATEST = 1440;
export const LONGEST = 600;

export interface ClaimDraft {
  text: string;
  evidence: string;
}
/** A cue while it is edited. All of it is plain data, so that a step of history is a list of them. */
export interface RunCue {
  id: string;
  kind: CueKind;
  format: CueFormat;
  title: string;
  begin: number;
  minutes: number;
  productIds: readonly string[];
  /** The first of its goods is put on every phone when it begins. */
  pin: boolean;
  promotionId: string;
  gameId: string;
  points: string;
  claims: readonly ClaimDraft[];
  forbidden: readonly string[];
  owner: string;
  targetUnits: number | null;
  notes: string;
  /** It ran on air: what it is about stays as it is. */
  ran: boolean;
}
export type Run = readonly RunCue[];

export const endOf = ({ begin, minutes }: Pick<RunCue, "begin" | "minutes">) => begin + minutes;
const clamp = (n: number, least: number, most: number) => Math.max(least, Math.min(most, n));
/** The nearest whole minute at which a cue may begin. */
export const snap = (minute: number) => clamp(Math.round(minute), 0, LATEST);
const span = (minutes: number) => clamp(Math.round(minutes), 1, LONGEST);

/** In the order of time; what begins together keeps its order. */
export function inOrder(run: Run): RunCue[] {
  return run.map((cue, at) => [cue, at] as const).sort(([a, x], [b, y]) => a.begin - b.begin || x - y).map(([cue]) => cue);
}

const changed = (run: Run, id: string, part: Partial<RunCue>): RunCue[] => run.map((cue) => (cue.id === id ? { ...cue, ...part } : cue));

/** Change what a cue says; its place and length have their own functions. */
export function edit(run: Run, id: string, part: Partial<Omit<RunCue, "id" | "begin" | "minutes">>): RunCue[] {
  return changed(run, id, part);
}

/** Put a cue at another minute; all others stay where they are. */
export function moveTo(run: Run, id: string, minute: number): RunCue[] {
  return inOrder(changed(run, id, { begin: snap(minute) }));
}

/** Let a cue take so long. With `push`, all that begin at its end or later move along by as much. */
export function resizeTo(run: Run, id: string, minutes: number, push = false): RunCue[] {
  const cue = run.find((each) => each.id === id);
  if (!cue) return [...run];
  const length = span(minutes);
  const by = length - cue.minutes;
  const was = endOf(cue);
  return inOrder(run.map((each) => (each.id === id ? { ...each, minutes: length } : push && each.begin >= was ? { ...each, begin: snap(each.begin + by) } : each)));
}

/** Close up: cues in their order, one after the other, from where the first begins. */
export function pack(run: Run): RunCue[] {
  let free = inOrder(run)[0]?.begin ?? 0;
  return inOrder(run).map((cue) => {
    const begin = free;
    free += cue.minutes;
    return { ...cue, begin: snap(begin) };
  });
}

/** Give a cue another place in the order, and close up. */
export function reorder(run: Run, id: string, to: number): RunCue[] {
  const list = inOrder(run);
  const from = list.findIndex((cue) => cue.id === id);
  const [cue] = from < 0 ? [] : list.splice(from, 1);
  if (!cue) return list;
  const start = Math.min(...run.map(({ begin }) => begin));
  list.splice(clamp(to, 0, list.length), 0, cue);
  return pack(list.map((each) => ({ ...each, begin: start })));
}

/** Put a new cue after another one, or at the end; those that begin later make room. */
export function insert(run: Run, cue: Omit<RunCue, "begin">, after: string | null): RunCue[] {
  const before = run.find((each) => each.id === after);
  const begin = before ? endOf(before) : lastMinute(run);
  return inOrder([...run.map((each) => (before && each.begin >= begin ? { ...each, begin: snap(each.begin + cue.minutes) } : each)), { ...cue, begin: snap(begin) }]);
}

export const without = (run: Run, id: string): RunCue[] => run.filter((cue) => cue.id !== id);

/** A cue like this one, new, to be put somewhere. */
export const copyOf = (cue: RunCue): RunCue => ({ ...cue, id: newKey(), ran: false });

export function blank(kind: CueKind, part: Partial<RunCue> = {}): Omit<RunCue, "begin"> {
  return { id: newKey(), kind, format: "solo", title: "", minutes: 5, productIds: [], pin: true, promotionId: "", gameId: "", points: "", claims: [], forbidden: [], owner: "", targetUnits: null, notes: "", ran: false, ...part };
}

/** Ids of the cues that stand in each other's time; ends may touch. */
export function overlapping(run: Run): Set<string> {
  const found = new Set<string>();
  const list = inOrder(run);
  for (const [at, cue] of list.entries()) {
    for (const other of list.slice(at + 1)) {
      if (other.begin >= endOf(cue)) break;
      found.add(cue.id).add(other.id);
    }
  }
  return found;
}

export interface Stretch {
  from: number;
  to: number;
}
/** Stretches of the planned time in which nothing is planned. */
export function gaps(run: Run, planned: number): Stretch[] {
  const found: Stretch[] = [];
  let free = 0;
  for (const cue of inOrder(run)) {
    if (cue.begin > free && free < planned) found.push({ from: free, to: Math.min(cue.begin, planned) });
    free = Math.max(free, endOf(cue));
  }
  if (run.length > 0 && free < planned) found.push({ from: free, to: planned });
  return found;
}

/** When the last cue ends. */
export const lastMinute = (run: Run) => run.reduce((last, cue) => Math.max(last, endOf(cue)), 0);
/** Minutes of all cues together, overlaps counted twice. */
export const sumOf = (run: Run) => run.reduce((sum, { minutes }) => sum + minutes, 0);

/** How long each product is talked about: minutes of the product and promotion cues that name it. */
export function coverage(run: Run, products: readonly string[]): Map<string, number> {
  return new Map(products.map((id) => [id, run.filter((cue) => (cue.kind === "product" || cue.kind === "promotion") && cue.productIds.includes(id)).reduce((sum, { minutes }) => sum + minutes, 0)]));
}

/** A text cut into pieces, those that are forbidden words marked. Case and width do not matter. */
export function marked(text: string, words: readonly string[]): { text: string; bad: boolean }[] {
  const wanted = words.map(plain).filter(Boolean).sort((a, b) => b.length - a.length);
  const said = plain(text);
  const pieces: { text: string; bad: boolean }[] = [];
  let kept = 0;
  for (let at = 0; at < said.length; ) {
    const word = wanted.find((each) => said.startsWith(each, at));
    if (!word) {
      at += 1;
      continue;
    }
    if (at > kept) pieces.push({ text: text.slice(kept, at), bad: false });
    pieces.push({ text: text.slice(at, at + word.length), bad: true });
    at += word.length;
    kept = at;
  }
  if (kept < text.length) pieces.push({ text: text.slice(kept), bad: false });
  return pieces;
}
/** One character for one, so that places in the text stay what they are. */
const plain = (text: string) => [...text].map((each) => (each.length === 1 ? (each.normalize("NFKC").toLowerCase().slice(0, 1) || each) : each)).join("");

/** Forbidden words that a cue says, each once: in its title, its lines and its claims. */
export function saysForbidden(cue: RunCue): string[] {
  const said = [cue.title, cue.points, ...cue.claims.map(({ text }) => text)];
  return [...new Set(said.flatMap((text) => marked(text, cue.forbidden).filter(({ bad }) => bad).map(({ text: word }) => word)))];
}

/** Keys of the sentences, under `plan.faults`, that say why a cue cannot be saved. */
export function faultsOf(cue: RunCue): string[] {
  const faults: string[] = [];
  if (!cue.title.trim()) faults.push("title");
  if (cue.claims.some(({ text }) => !text.trim())) faults.push("claim");
  return faults;
}

export function runOf(cues: readonly Cue[]): RunCue[] {
  return inOrder(
    cues.map((cue) => ({
      id: cue.id,
      kind: cue.kind,
      format: cue.format,
      title: cue.title,
      begin: cue.beginsMinute,
      minutes: cue.minutes,
      productIds: cue.productIds,
      pin: cue.productId !== null || cue.productIds.length === 0,
      promotionId: cue.promotionId ?? "",
      gameId: cue.gameId ?? "",
      points: cue.talkingPoints,
      claims: cue.claims.map(({ text, evidence }) => ({ text, evidence: evidence ?? "" })),
      forbidden: cue.forbidden,
      owner: cue.owner,
      targetUnits: cue.targetUnits,
      notes: cue.notes,
      ran: cue.begunAt !== null,
    })),
  );
}

export function putOf(run: Run): PutCue[] {
  return inOrder(run).map((cue) => ({
    id: cue.id,
    kind: cue.kind,
    format: cue.format,
    title: cue.title.trim(),
    startsMinute: cue.begin,
    minutes: cue.minutes,
    productId: cue.pin ? (cue.productIds[0] ?? null) : null,
    productIds: [...cue.productIds],
    promotionId: cue.promotionId || null,
    gameId: cue.gameId || null,
    talkingPoints: cue.points,
    claims: cue.claims.map(({ text, evidence }) => ({ text: text.trim(), evidence: evidence.trim() })),
    forbidden: [...cue.forbidden],
    owner: cue.owner.trim(),
    targetUnits: cue.targetUnits,
    notes: cue.notes,
  }));
}

/** What a sheet gave, as cues of the editor: where it says no time, the cue follows the one before. */
export function runOfPut(cues: readonly PutCue[]): RunCue[] {
  let free = 0;
  return inOrder(
    cues.map((cue) => {
      const begin = cue.startsMinute ?? free;
      free = begin + cue.minutes;
      return {
        id: cue.id ?? newKey(),
        kind: cue.kind,
        format: cue.format ?? "solo",
        title: cue.title,
        begin,
        minutes: cue.minutes,
        productIds: cue.productIds ?? [],
        pin: cue.productId !== null || (cue.productIds ?? []).length === 0,
        promotionId: cue.promotionId ?? "",
        gameId: cue.gameId ?? "",
        points: cue.talkingPoints ?? "",
        claims: (cue.claims ?? []).map(({ text, evidence }) => ({ text, evidence: evidence ?? "" })),
        forbidden: cue.forbidden ?? [],
        owner: cue.owner ?? "",
        targetUnits: cue.targetUnits ?? null,
        notes: cue.notes,
        ran: false,
      };
    }),
  );
}
