/** What an image is called and what its machines get unless they say otherwise. */
import type { ImageRow } from "@kubev/api-types/images";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Combobox } from "../ui/Combobox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { toast } from "../ui/toast.ts";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { useInstanceTypes, usePreferenceChoices } from "./use-choices.ts";

export function ImageEditDialog({ image, onClose }: { image: ImageRow; onClose: () => void }) {
  const { project, name } = image;
  const cache = useQueryClient();
  const types = useInstanceTypes(project, "cluster");
  const preferences = usePreferenceChoices(project, "cluster");
  const [form, setForm] = useState({
    displayName: image.displayName === name ? "" : image.displayName,
    defaultInstanceType: image.defaultInstanceType ?? "",
    defaultPreference: image.defaultPreference ?? "",
  });
  const change = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () => call("editImage", { params: { project, name }, body: form }),
    onSuccess: async () => {
      toast.success(`${name} was changed.`);
      onClose();
      await cache.invalidateQueries({ queryKey: ["listImages"] });
    },
  });
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
          label="Shown as"
          optional
          value={form.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={200}
        />
        <Combobox
          label="Instance type of its machines"
          optional
          value={form.defaultInstanceType}
          onChange={(defaultInstanceType) => change({ defaultInstanceType })}
          items={types.items}
          emptyText="No instance type of that name."
        />
        <Combobox
          label="Preference of its machines"
          optional
          value={form.defaultPreference}
          onChange={(defaultPreference) => change({ defaultPreference })}
          items={preferences.items}
          emptyText="No preference of that name."
        />
        <RefusalNotice error={save.error} />
      </div>
    </Dialog>
  );
}
