/**
 * Menus: a list of items under a trigger. Until a menu is first opened only its trigger exists; the rest is loaded when the
 * page is idle, which keeps Base UI off the first screen and fifty rows of a table light. No `lazy`: React shows what was
 * suspended a third of a second late, once for each kind of part.
 */
import { cloneElement, type ComponentProps, type KeyboardEvent, type ReactElement, useState } from "react";
import type * as Parts from "./MenuParts.tsx";
import { useWhenIdle } from "./use-when-idle.ts";

/** There as soon as a popup is: what is in one may count on it. */
let parts: typeof Parts;
const loadParts = async () => {
  parts = await import("./MenuParts.tsx");
};
const nothingMore = async () => Promise.resolve();

export const MenuItem = (props: ComponentProps<typeof Parts.MenuItem>) => <parts.MenuItem {...props} />;
export const MenuCheckItem = (props: ComponentProps<typeof Parts.MenuCheckItem>) => (
  <parts.MenuCheckItem {...props} />
);
export const MenuSeparator = () => <parts.MenuSeparator />;
export const MenuLabel = (props: ComponentProps<typeof Parts.MenuLabel>) => <parts.MenuLabel {...props} />;

/** Typed by the caller's values; the loaded part only sees strings. */
export function MenuRadioGroup<Value extends string>(props: Parts.MenuRadioGroupProps<Value>) {
  return <parts.MenuRadioGroup {...(props as unknown as Parts.MenuRadioGroupProps<string>)} />; // as: the values come back as they were given
}

export interface MenuTriggerProps extends ComponentProps<"button"> {
  "aria-haspopup"?: "menu";
}

interface MenuProps extends Omit<Parts.MenuPopupProps, "trigger"> {
  trigger: ReactElement<MenuTriggerProps>;
  /** Brings what its items need beside. The same function at each render. */
  load?: () => Promise<unknown>;
}

export function Menu({ load: loadMore = nothingMore, ...props }: MenuProps) {
  const [stage, setStage] = useState<"shut" | "wanted" | "there">("shut");
  useWhenIdle(loadParts);
  useWhenIdle(loadMore);
  const load = async () => Promise.all([loadParts(), loadMore()]);
  if (stage === "there") return <parts.MenuPopup {...props} />;
  const ifWanted = (next: "shut" | "there") => () => setStage((now) => (now === "wanted" ? next : now));
  const giveUp = ifWanted("shut");
  return cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onClick: () => {
      setStage("wanted");
      // what could not be loaded is told of by the boundary around, where it is still wanted
      load().then(ifWanted("there"), (error: unknown) =>
        setStage((now) => (now === "wanted" ? raise(error) : now)),
      );
    },
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onBlur: giveUp,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Escape") giveUp();
    },
  });
}

function raise(error: unknown): never {
  throw error;
}
