/** What an image is called and what its machines get unless they say otherwise. */
import type { ImageRow } from "@kubev/api-types/images";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { useInstanceTypes, usePreferenceChoices } from "../../components/use-choices.ts";
import { ConflictNotice, conflictsOf } from "../../forms/ConflictNotice.tsx";
import { useEditDraft } from "../../forms/use-edit-draft.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { Combobox } from "../../ui/Combobox.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/TextField.tsx";

const labels = {
  displayName: "Shown as",
  defaultInstanceType: "Instance type of its machines",
  defaultPreference: "Preference of its machines",
};
const labelOf = (path: string) => (path in labels ? labels[path as keyof typeof labels] : path); // as: it is in there

export function ImageEditDialog({ image, onClose }: { image: ImageRow; onClose: () => void }) {
  const { project, name } = image;
  const types = useInstanceTypes(project, "cluster");
  const preferences = usePreferenceChoices(project, "cluster");
  // what the dialog opened with: another's change of the same meanwhile is a conflict to be told, not to be overwritten
  const [opened] = useState({
    displayName: image.displayName === name ? "" : image.displayName,
    defaultInstanceType: image.defaultInstanceType ?? "",
    defaultPreference: image.defaultPreference ?? "",
  });
  const { was, now, change, decide, discard } = useEditDraft(`image/${project}/${name}`, opened);
  const save = useDeed({
    run: () => call("editImage", { params: { project, name }, body: { ...now, was } }),
    done: () => `${name} was changed.`,
    shownBy: ["listImages", "getImage"],
    onDone: () => {
      discard();
      onClose();
    },
  });
  const conflicts = conflictsOf(save.error);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Edit ${name}`}
      footer={
        <>
          <Button
            onClick={() => {
              discard();
              onClose();
            }}
          >
            Cancel
          </Button>
          <Button tone="primary" busy={save.isPending} onClick={() => save.mutate()}>
            Save image
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField
          label={labels.displayName}
          optional
          value={now.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={200}
        />
        <Combobox
          label={labels.defaultInstanceType}
          optional
          value={now.defaultInstanceType}
          onChange={(defaultInstanceType) => change({ defaultInstanceType })}
          items={types.items}
          emptyText="No instance type of that name."
        />
        <Combobox
          label={labels.defaultPreference}
          optional
          value={now.defaultPreference}
          onChange={(defaultPreference) => change({ defaultPreference })}
          items={preferences.items}
          emptyText="No preference of that name."
        />
        <ConflictNotice
          conflicts={conflicts}
          labelOf={labelOf}
          onDecide={(conflict, take) => {
            save.reset();
            decide(conflict, take);
          }}
        />
        <RefusalNotice error={conflicts.length > 0 ? null : save.error} />
      </div>
    </Dialog>
  );
}
