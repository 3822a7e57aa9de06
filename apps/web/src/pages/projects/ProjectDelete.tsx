/** Deleting a project: everything that goes with it named, and its name typed before the button works. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { formatCount } from "../../format/numbers.ts";
import { nounWords } from "../../shell/palette-entries.ts";
import { useDeed } from "../../components/use-deed.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { TextField } from "../../ui/TextField.tsx";

interface ProjectDeleteProps {
  project: string;
  onClose: () => void;
  onDeleted: () => void;
}

export function ProjectDelete({ project, onClose, onDeleted }: ProjectDeleteProps) {
  const [typed, setTyped] = useState("");
  const planned = useQuery(read("getProjectDeletion", { params: { project } }));
  const plan = planned.data;
  const remove = useDeed({
    run: async () => call("deleteProject", { params: { project } }),
    done: () => `Deletion of ${project} has begun.`,
    shownBy: ["listProjects"],
    onDone: onDeleted,
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={`Delete ${project}`}
      verb="Delete project"
      busy={remove.isPending}
      disabledReason={
        plan === undefined
          ? planned.error
            ? "What goes with it could not be counted."
            : "What goes with it is being counted."
          : typed === project
            ? undefined
            : "Type the name of the project first."
      }
      consequence={
        <p>
          Everything in the project is deleted for good, data on its disks included. Machines that run are
          ended.
        </p>
      }
    >
      {planned.error && plan === undefined ? (
        <LoadFailed
          error={planned.error}
          what="What goes with it could not be counted."
          onRetry={() => void planned.refetch()}
        />
      ) : null}
      {plan === undefined ? null : (
        <ul aria-label="What goes with it" className="mt-3 flex flex-col gap-1">
          {plan.parts.map(({ noun, count, names }) => (
            <li key={noun} className="flex gap-3">
              <span className="tabular w-10 shrink-0 text-right">{formatCount(count)}</span>
              <span className="min-w-0">
                {nounWords[noun]}
                <span className="text-tertiary">
                  {" "}
                  {names.join(", ")}
                  {count > names.length ? " …" : ""}
                </span>
              </span>
            </li>
          ))}
          {plan.parts.length === 0 ? <li className="text-secondary">It is empty.</li> : null}
          {plan.more ? <li className="text-secondary">And more that you may not see.</li> : null}
        </ul>
      )}
      <div className="mt-4">
        <TextField
          label={`Type ${project} to confirm`}
          value={typed}
          onChange={(text) => setTyped(text.trim())}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <RefusalNotice error={remove.error} />
    </ConfirmDialog>
  );
}
