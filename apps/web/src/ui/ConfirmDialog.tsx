/** Asks before something that cannot be taken back: the consequence first, the verb repeated on the button, the safe choice focused. */
import type { ReactNode } from "react";
import { useRef } from "react";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";

interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  /** What happens, as whole sentences. */
  consequence: ReactNode;
  /** The verb, e.g. "Force stop". */
  verb: string;
  danger?: boolean | undefined;
  busy?: boolean | undefined;
  disabledReason?: string | undefined;
  children?: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const safe = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      initialFocus={safe}
      footer={
        <>
          <Button ref={safe} onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            tone={props.danger === false ? "primary" : "danger"}
            onClick={props.onConfirm}
            busy={props.busy}
            disabledReason={props.disabledReason}
          >
            {props.verb}
          </Button>
        </>
      }
    >
      <div className="text-content">{props.consequence}</div>
      {props.children}
    </Dialog>
  );
}
