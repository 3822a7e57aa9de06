/** Asks the server for power actions and says how each went. */
import type { ActionOutcome, VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../ui/toast.ts";
import { call } from "../api/client.ts";
import { formatPlural } from "../format/numbers.ts";
import { errorLine } from "../reasons/error-text.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";
import { actionWords } from "./vm-words.ts";

export interface VmTarget {
  project: string;
  name: string;
}

interface ActionRequest {
  action: VmActionName;
  targets: readonly VmTarget[];
  /** Only of `migrate`: where to; left out, the scheduler picks. */
  host?: string;
}

/** `onOutcomes` gets the rows of a bulk request of which at least one failed. */
export function useVmAction(onOutcomes?: (action: VmActionName, outcomes: ActionOutcome[]) => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ action, targets, host }: ActionRequest) =>
      call("actOnVms", {
        body: {
          action,
          targets: targets.map(({ project, name }) => ({ project, name })),
          ...(host === undefined ? {} : { host }),
        },
      }),
    onSuccess: ({ outcomes }, { action, targets }) => {
      const refused = outcomes.filter((outcome) => !outcome.ok);
      const words = actionWords[action];
      const only = targets[0];
      if (refused.length === 0)
        toast.success(
          targets.length === 1 && only
            ? `${words.done}: ${only.name}`
            : `${words.done} for ${formatPlural(targets.length, "machine", "machines")}.`,
        );
      else if (targets.length === 1 && only)
        toast.error(`${words.verb} failed: ${only.name}`, {
          description: refused[0]?.reason === undefined ? undefined : reasonWithCause(refused[0].reason),
          durationMs: 12_000,
        });
      else onOutcomes?.(action, outcomes);
    },
    onError: (error, { action }) =>
      toast.error(`${actionWords[action].verb} failed.`, {
        description: errorLine(error),
        durationMs: 12_000,
      }),
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ["getVm"] });
      await cache.invalidateQueries({ queryKey: ["getVmMigrations"] });
      await cache.invalidateQueries({ queryKey: ["listVms"] });
    },
  });
}

/** Targets of `rows` that take `action` now, and those that do not. */
export function splitByAction(rows: readonly VmRow[], action: VmActionName) {
  return {
    able: rows.filter((row) => row.actions[action].allowed),
    unable: rows.filter((row) => !row.actions[action].allowed),
  };
}
