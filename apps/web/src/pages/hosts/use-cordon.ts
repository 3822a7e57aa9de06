/** Closes a host to new machines, or opens it again, and says how that went. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { errorLine } from "../../reasons/error-text.ts";
import { toast } from "../../ui/toast.ts";

export function useCordon() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, cordoned }: { name: string; cordoned: boolean }) =>
      call("setHostCordon", { params: { name }, body: { cordoned } }),
    onSuccess: (_row, { name, cordoned }) =>
      toast.success(
        cordoned
          ? `${name} is cordoned: nothing new is placed on it, and what runs there goes on.`
          : `${name} takes new machines again.`,
      ),
    onError: (error, { name, cordoned }) =>
      toast.error(cordoned ? `${name} was not cordoned.` : `${name} was not uncordoned.`, {
        description: errorLine(error),
        durationMs: 12_000,
      }),
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ["getHost"] });
      await cache.invalidateQueries({ queryKey: ["listHosts"] });
    },
  });
}
