/** Keys that a touch screen does not have. Ctrl, Alt and Shift stay pressed for the next key. */
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Keyboard } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { usePreferences } from "../components/use-preferences.ts";
import { cx } from "../ui/cx.ts";
import { functionKey, keys, sendCombination } from "./key-combinations.ts";
import { isKeyboardLayout } from "./keyboard-layouts.ts";
import { type KeySender, typeText } from "./typing.ts";

type Held = "ctrl" | "alt" | "shift";
const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export function TouchKeys({ sender, cannotType }: { sender: KeySender; cannotType: string | undefined }) {
  const [held, setHeld] = useState<readonly Held[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const { preferences } = usePreferences();
  const layout = isKeyboardLayout(preferences.keyboardLayout) ? preferences.keyboardLayout : "en-us";
  const send = (key: { keysym: number; code: string }) => {
    if (cannotType !== undefined) return;
    sendCombination(sender, [...held.map((name) => keys[name]), key]);
    setHeld([]);
  };
  const write = (text: string) => {
    if (cannotType !== undefined) return;
    for (const name of held) sender.sendKey(keys[name].keysym, keys[name].code, true);
    const release = () => {
      for (const name of held) sender.sendKey(keys[name].keysym, keys[name].code, false);
      setHeld([]);
    };
    void typeText(sender, text, layout, () => Promise.resolve(), new AbortController().signal).then(
      release,
      release,
    );
  };
  const hold = (name: Held) =>
    setHeld((before) => (before.includes(name) ? before.filter((each) => each !== name) : [...before, name]));
  return (
    <div
      role="toolbar"
      aria-label="On-screen keys"
      title={cannotType}
      className="flex h-12 shrink-0 items-center gap-1.5 overflow-x-auto border-t border-stroke bg-raised px-3"
    >
      <Key name="Open the keyboard" onPress={() => input.current?.focus()}>
        <Keyboard {...icon} />
      </Key>
      {(["ctrl", "alt", "shift"] as const).map((name) => (
        <Key key={name} pressed={held.includes(name)} onPress={() => hold(name)}>
          {name === "ctrl" ? "Ctrl" : name === "alt" ? "Alt" : "Shift"}
        </Key>
      ))}
      <Key onPress={() => send(keys.escape)}>Esc</Key>
      <Key onPress={() => send(keys.tab)}>Tab</Key>
      <Key onPress={() => send(keys.enter)}>Enter</Key>
      <Key onPress={() => send(keys.del)}>Del</Key>
      <Key name="Left" onPress={() => send(keys.left)}>
        <ArrowLeft {...icon} />
      </Key>
      <Key name="Up" onPress={() => send(keys.up)}>
        <ArrowUp {...icon} />
      </Key>
      <Key name="Down" onPress={() => send(keys.down)}>
        <ArrowDown {...icon} />
      </Key>
      <Key name="Right" onPress={() => send(keys.right)}>
        <ArrowRight {...icon} />
      </Key>
      {[1, 2, 8, 10, 11, 12].map((number) => (
        <Key key={number} onPress={() => send(functionKey(number))}>{`F${number}`}</Key>
      ))}
      <input
        ref={input}
        aria-label="Type to the machine"
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        value=""
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Backspace") send(keys.backspace);
          if (event.key === "Enter") send(keys.enter);
        }}
        className="h-8 w-px shrink-0 opacity-0"
      />
    </div>
  );
}

function Key(props: { children: ReactNode; name?: string; pressed?: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      aria-label={props.name}
      aria-pressed={props.pressed}
      onPointerDown={(event) => event.preventDefault()}
      onClick={props.onPress}
      className={cx(
        "flex h-9 min-w-11 shrink-0 items-center justify-center rounded-md border px-2",
        props.pressed ? "border-accent bg-selected" : "border-stroke bg-overlay active:bg-hover",
      )}
    >
      {props.children}
    </button>
  );
}
