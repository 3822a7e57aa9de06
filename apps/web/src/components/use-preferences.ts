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

/** Of what is known when it is made: a part of a record is changed in the record as it was kept. Made twice it changes no more. */
type PreferenceChange = Partial<UserPreferences> | ((known: UserPreferences) => Partial<UserPreferences>);

const changed = (known: UserPreferences, change: PreferenceChange): UserPreferences => ({
  ...known,
  ...(typeof change === "function" ? change(known) : change),
});

export function usePreferences() {
  const cache = useQueryClient();
  const key = keyOf("getPreferences", {});
  const preferences = useQuery(preferencesQuery()).data ?? defaults;
  const { mutate } = useMutation({
    // one after the other: each sends all that is chosen by then
    scope: { id: "preferences" },
    // while what he chose before is not known, it is read first: never is it overwritten by what nobody chose
    mutationFn: async (change: PreferenceChange) => {
      const read = await cache.ensureQueryData(preferencesQuery());
      const next = changed(cache.getQueryData<UserPreferences>(key) ?? read, change);
      cache.setQueryData(key, next);
      return call("putPreferences", { body: next });
    },
    onError: (error) => toast.error(`Your preference could not be kept. ${errorLine(error)}`),
  });
  const update = (change: PreferenceChange) => {
    cache.setQueryData<UserPreferences>(key, (known) => known && changed(known, change));
    mutate(change);
  };
  return { preferences, update };
}
