/** What an image is called and what its machines get unless they say otherwise. */
import type { FieldConflict } from "@kubev/api-types/errors";
import type { ImageRow } from "@kubev/api-types/images";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { useInstanceTypes, usePreferenceChoices } from "../../components/use-choices.ts";
import { ConflictNotice, conflictsOf, withField } from "../../forms/ConflictNotice.tsx";
import { Button } from "../../ui/Button.tsx";
import { Combobox } from "../../ui/Combobox.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { toast } from "../../ui/toast.ts";

const labels = {
  displayName: "Shown as",
  defaultInstanceType: "Instance type of its machines",
  defaultPreference: "Preference of its machines",
};
const labelOf = (path: string) => (path in labels ? labels[path as keyof typeof labels] : path); // as: it is in there

export function ImageEditDialog({ image, onClose }: { image: ImageRow; onClose: () => void }) {
  const { project, name } = image;
  const cache = useQueryClient();
  const types = useInstanceTypes(project, "cluster");
  const preferences = usePreferenceChoices(project, "cluster");
  // what the dialog opened with: another's change of the same meanwhile is a conflict to be told, not to be overwritten
  const [was, setWas] = useState({
    displayName: image.displayName === name ? "" : image.displayName,
    defaultInstanceType: image.defaultInstanceType ?? "",
    defaultPreference: image.defaultPreference ?? "",
  });
  const [form, setForm] = useState(was);
  const change = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () => call("editImage", { params: { project, name }, body: { ...form, was } }),
    onSuccess: async () => {
      toast.success(`${name} was changed.`);
      onClose();
      await cache.invalidateQueries({ queryKey: ["listImages"] });
    },
  });
  const conflicts = conflictsOf(save.error);
  /** Theirs counts as seen; with `take`, it is taken over too. */
  const decide = ({ path, theirs }: FieldConflict, take: boolean) => {
    save.reset();
    setWas((before) => withField(before, path, theirs));
    if (take) setForm((before) => withField(before, path, theirs));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Edit ${name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
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
          value={form.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={200}
        />
        <Combobox
          label={labels.defaultInstanceType}
          optional
          value={form.defaultInstanceType}
          onChange={(defaultInstanceType) => change({ defaultInstanceType })}
          items={types.items}
          emptyText="No instance type of that name."
        />
        <Combobox
          label={labels.defaultPreference}
          optional
          value={form.defaultPreference}
          onChange={(defaultPreference) => change({ defaultPreference })}
          items={preferences.items}
          emptyText="No preference of that name."
        />
        <ConflictNotice
          conflicts={conflicts}
          labelOf={labelOf}
          onKeepYours={(conflict) => decide(conflict, false)}
          onTakeTheirs={(conflict) => decide(conflict, true)}
        />
        <RefusalNotice error={conflicts.length > 0 ? null : save.error} />
      </div>
    </Dialog>
  );
}
