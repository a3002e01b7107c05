/** The prompter on a second screen: a token for one show, and what it reads. */
import { ask, type components } from "@xinbo/api";
import { setServerOffset } from "@xinbo/ui";
import { useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@console/calls";

export type Prompter = components["schemas"]["Prompter"];

export const makeToken = (show: string) => ask(api.POST("/api/v1/console/shows/{show_id}/prompter", { params: { path: { show_id: show } } }));
const read = (token: string) => ask(api.GET("/api/v1/console/prompter/{prompter_token}", { params: { path: { prompter_token: token } } }));

const EVERY_MS = 1500;
export const usePrompter = (token: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["prompter", () => toValue(token)],
    queryFn: async () => {
      const found = await read(toValue(token));
      setServerOffset(Date.parse(found.now) - Date.now());
      return found;
    },
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: true,
  });
