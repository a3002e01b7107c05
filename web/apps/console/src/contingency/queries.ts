/** What a show has prepared for, the merchant's playbooks, and who works here. */
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import { queryClient } from "@console/queries";

import * as calls from "./calls";

export const useContingency = (show: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["contingency", () => toValue(show)], queryFn: () => calls.getContingency(toValue(show)) });
export const usePlaybooks = () => useQuery({ queryKey: ["playbooks"], queryFn: calls.listPlaybooks, staleTime: 60_000 });
export const useColleagues = () => useQuery({ queryKey: ["colleagues"], queryFn: calls.listColleagues, staleTime: 60_000 });

/** Who may be named for something: everyone who works here, after "nobody". */
export function usePeople(nobody: () => string) {
  const people = useColleagues();
  return computed(() => [{ value: "", label: nobody() }, ...(people.data.value ?? []).map(({ id, name }) => ({ value: id, label: name }))]);
}

/** Something was written: what depends on it is asked again. */
export function stale(...keys: ("contingency" | "playbooks" | "readiness" | "checklist" | "kitTests" | "incidents")[]): void {
  for (const key of keys) void queryClient.invalidateQueries({ queryKey: [key] });
}
