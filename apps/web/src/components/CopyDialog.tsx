/** Asks for the name of what is made of a machine: a snapshot, a clone, or a new machine from a snapshot. */
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { CheckField } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { fieldsOf, formErrors } from "./form-errors.ts";

interface CopyDialogProps {
  title: string;
  verb: string;
  /** What happens, as whole sentences. */
  children: ReactNode;
  proposedName: string;
  /** Where to offer to start what is made. */
  withStart?: boolean;
  busy: boolean;
  error: Error | null;
  onSubmit: (name: string, start: boolean) => void;
  onClose: () => void;
}

const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export function CopyDialog(props: CopyDialogProps) {
  const [name, setName] = useState(props.proposedName);
  const [start, setStart] = useState(false);
  const [tried, setTried] = useState(false);
  const errors = formErrors(fieldsOf(props.error));
  const wrong = namePattern.test(name)
    ? undefined
    : "Lower-case letters, digits and hyphens; a letter or digit at both ends.";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong === undefined) props.onSubmit(name, start);
  };
  return (
    <Dialog open onClose={props.onClose} width="md" title={props.title}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <div className="flex flex-col gap-2 text-pretty">{props.children}</div>
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          error={(tried ? wrong : undefined) ?? errors.all[0]?.text}
          maxLength={63}
          autoComplete="off"
          spellCheck={false}
        />
        {props.withStart === true ? (
          <CheckField label="Start it at once" checked={start} onChange={setStart} />
        ) : null}
        <RefusalNotice error={errors.all.length > 0 ? null : props.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" tone="primary" busy={props.busy}>
            {props.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
