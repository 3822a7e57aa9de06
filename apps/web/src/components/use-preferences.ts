/** What the person chose for himself. Changes show at once and are kept by the server. */
import type { UserPreferences } from "@kubev/api-types/preferences";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "../ui/toast.ts";
import { call } from "../api/client.ts";
import { keyOf, preferencesQuery } from "../api/queries.ts";
import { errorLine } from "../reasons/error-text.ts";

const defaults: UserPreferences = {
  theme: "system",
  density: "default",
  columns: {},
  savedViews: {},
  singleKeys: true,
  keyboardLayout: "en-us",
};

export function usePreferences() {
  const cache = useQueryClient();
  const key = keyOf("getPreferences", {});
  const preferences = useQuery(preferencesQuery()).data ?? defaults;
  const { mutate } = useMutation({
    // while what he chose before is not known, it is read first: never is it overwritten by what nobody chose
    mutationFn: async (change: Partial<UserPreferences>) => {
      const next = { ...(await cache.ensureQueryData(preferencesQuery())), ...change };
      cache.setQueryData(key, next);
      return call("putPreferences", { body: next });
    },
    onError: (error) => toast.error(`Your preference could not be kept. ${errorLine(error)}`),
  });
  const update = (change: Partial<UserPreferences>) => {
    cache.setQueryData<UserPreferences>(key, (known) => known && { ...known, ...change });
    mutate(change);
  };
  return { preferences, update };
}
