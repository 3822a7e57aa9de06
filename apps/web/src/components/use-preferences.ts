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
    mutationFn: (body: UserPreferences) => call("putPreferences", { body }),
    onError: (error) => toast.error(`Your preference could not be kept. ${errorLine(error)}`),
  });
  const update = (change: Partial<UserPreferences>) => {
    const next = { ...(cache.getQueryData<UserPreferences>(key) ?? defaults), ...change };
    cache.setQueryData(key, next);
    mutate(next);
  };
  return { preferences, update };
}
