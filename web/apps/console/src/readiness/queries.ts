/** Whether a show may go on air; asked anew each time a page wants to know. */
import { useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import * as calls from "./calls";

export const useReadiness = (show: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["readiness", () => toValue(show)], queryFn: () => calls.getReadiness(toValue(show)), staleTime: 0, refetchOnMount: "always" });
