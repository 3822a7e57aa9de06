/** Asks for the name of a view that is to be kept. */
import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/TextField.tsx";

interface SaveViewDialogProps {
  /** The search that is kept, as it stands in the URL. */
  keeps: string;
  onSave: (name: string) => void;
  onClose: () => void;
}

export default function SaveViewDialog({ keeps, onSave, onClose }: SaveViewDialogProps) {
  const [name, setName] = useState("");
  const trimmed = name.trim();
  const save = () => {
    if (trimmed !== "") onSave(trimmed);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Save this view"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            onClick={save}
            disabledReason={trimmed === "" ? "Give the view a name." : undefined}
          >
            Save view
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={100}
          hint={`Keeps ${decodeURIComponent(keeps)}`}
        />
      </form>
    </Dialog>
  );
}
