/** Pastes a text into a screen as keystrokes, by the guest's keyboard layout. */
import { type RefObject, useRef, useState } from "react";
import { usePreferences } from "../components/use-preferences.ts";
import { formatCount, formatPlural } from "../format/numbers.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ProgressBar } from "../ui/Progress.tsx";
import { Select } from "../ui/Select.tsx";
import { TextArea } from "../ui/TextField.tsx";
import { isKeyboardLayout, keyboardLayouts } from "./keyboard-layouts.ts";
import { type KeySender, typeText, untypable } from "./typing.ts";

interface PasteDialogProps {
  sender: KeySender;
  onClose: () => void;
  /** Where the dialog lives: inside the element that is fullscreen, else it would not be seen. */
  container: RefObject<HTMLElement | null>;
}

const pauseMs = 12;

export function PasteDialog({ sender, onClose, container }: PasteDialogProps) {
  const { preferences, update } = usePreferences();
  const [text, setText] = useState("");
  const [typed, setTyped] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  const layout = isKeyboardLayout(preferences.keyboardLayout) ? preferences.keyboardLayout : "en-us";
  const missing = untypable(text, layout);
  const length = Array.from(text).length;

  const close = () => {
    running.current?.abort();
    onClose();
  };
  const type = async () => {
    const controller = new AbortController();
    running.current = controller;
    setTyped(0);
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    await typeText(sender, text, layout, pause, controller.signal, setTyped);
    if (!controller.signal.aborted) onClose();
  };
  return (
    <Dialog
      open
      onClose={close}
      title="Paste text as keystrokes"
      width="md"
      container={container}
      footer={
        <>
          <Button onClick={close}>{typed === null ? "Cancel" : "Stop typing"}</Button>
          <Button
            tone="primary"
            busy={typed !== null}
            disabledReason={text === "" ? "Enter a text first." : undefined}
            onClick={() => void type()}
          >
            Type text
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextArea label="Text" value={text} onChange={setText} mono rows={7} />
        <Select
          label="Keyboard layout of the guest"
          hint="The machine receives key positions. Choose the layout that the guest is set to, or other characters appear."
          value={layout}
          onChange={(keyboardLayout) => update({ keyboardLayout })}
          choices={keyboardLayouts.map(({ id, label }) => ({ value: id, label }))}
        />
        {missing.length > 0 ? (
          <p className="text-attention">
            {formatPlural(missing.length, "character has", "characters have")} no key on this layout and are
            left out: <span className="font-mono">{missing.slice(0, 12).join(" ")}</span>
          </p>
        ) : null}
        {typed === null ? null : (
          <div className="flex flex-col gap-1">
            <ProgressBar percent={(typed / Math.max(1, length)) * 100} label="Typing" />
            <p className="tabular text-xs text-secondary">
              {formatCount(typed)} of {formatCount(length)}
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}
