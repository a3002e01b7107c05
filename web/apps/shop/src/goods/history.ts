/** What was looked for on this device, the latest first; it never leaves the device. */
import { ref } from "vue";

import { merchant } from "@shop/place";

const MOST = 10;
const key = `xinbo.searches.${merchant ?? ""}`;

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}
const words = ref(read());

function keep(next: string[]): void {
  words.value = next;
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing still searches.
  }
}

export const withWord = (before: readonly string[], word: string): string[] => [word, ...before.filter((each) => each !== word)].slice(0, MOST);

export const useHistory = () => ({ words, add: (word: string) => keep(withWord(words.value, word)), clear: () => keep([]) });
