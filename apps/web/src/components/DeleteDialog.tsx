/** Deleting one object: what goes with it said first, the cluster's refusal beside the button, the lists fetched again after. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { ReactNode } from "react";
import { ProblemNotice } from "./ProblemNotice.tsx";
import { useDeed } from "./use-deed.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";

export interface DeleteDialogProps {
  name: string;
  /** On the button, e.g. "Delete disk". */
  verb: string;
  consequence: ReactNode;
  run: () => Promise<null>;
  /** Reads that show it. */
  shownBy: readonly OperationName[];
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

export function DeleteDialog(props: DeleteDialogProps) {
  const { name, verb, consequence, run, shownBy, onClose, onDeleted } = props;
  const remove = useDeed({
    run,
    done: () => `Deletion of ${name} has begun.`,
    shownBy,
    onDone: () => {
      onClose();
      onDeleted?.();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={`Delete ${name}`}
      verb={verb}
      busy={remove.isPending}
      consequence={<p className="text-pretty">{consequence}</p>}
    >
      <RefusalNotice error={remove.error} />
    </ConfirmDialog>
  );
}

/** Why something was not done, beside the button that asked for it; nothing while there is no error. */
export function RefusalNotice({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <div className="mt-3" role="alert">
      <ProblemNotice error={error} />
    </div>
  );
}
