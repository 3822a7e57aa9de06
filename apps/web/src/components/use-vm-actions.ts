/** Asks the server for power actions and says how each went. */
import type { ActionOutcome, VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import { call } from "../api/client.ts";
import { formatPlural } from "../format/numbers.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";
import { actionWords } from "./vm-words.ts";
import { useDeed } from "./use-deed.ts";

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
  return useDeed({
    run: ({ action, targets, host }: ActionRequest) =>
      call("actOnVms", {
        body: {
          action,
          targets: targets.map(({ project, name }) => ({ project, name })),
          ...(host === undefined ? {} : { host }),
        },
      }),
    done: ({ outcomes }, { action, targets }) => {
      const refused = outcomes.find((outcome) => !outcome.ok);
      const words = actionWords[action];
      const only = targets.length === 1 ? targets[0] : undefined;
      if (refused === undefined)
        return only === undefined
          ? `${words.done} for ${formatPlural(targets.length, "machine", "machines")}.`
          : `${words.done}: ${only.name}`;
      return only === undefined
        ? undefined
        : {
            but: `${words.verb} failed: ${only.name}`,
            because: refused.reason === undefined ? undefined : reasonWithCause(refused.reason),
          };
    },
    onDone: ({ outcomes }, { action, targets }) => {
      if (targets.length > 1 && outcomes.some((outcome) => !outcome.ok)) onOutcomes?.(action, outcomes);
    },
    failed: ({ action }) => `${actionWords[action].verb} failed.`,
    shownBy: ["getVm", "getVmMigrations", "listVms"],
    refetch: "always",
  });
}

/** Targets of `rows` that take `action` now, and those that do not. */
export function splitByAction(rows: readonly VmRow[], action: VmActionName) {
  return {
    able: rows.filter((row) => row.actions[action].allowed),
    unable: rows.filter((row) => !row.actions[action].allowed),
  };
}
