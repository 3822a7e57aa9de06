/**
 * Menus: a list of items under a trigger. Until a menu is first opened only its trigger exists; the rest is loaded when the
 * page is idle, which keeps Base UI off the first screen and fifty rows of a table light.
 */
import { cloneElement, type ComponentProps, lazy, type ReactElement, Suspense, useState } from "react";
import type * as Parts from "./MenuParts.tsx";
import { useWhenIdle } from "./use-when-idle.ts";

const load = () => import("./MenuParts.tsx");
const MenuPopup = lazy(async () => ({ default: (await load()).MenuPopup }));

export const MenuItem = lazy(async () => ({ default: (await load()).MenuItem }));
export const MenuCheckItem = lazy(async () => ({ default: (await load()).MenuCheckItem }));
export const MenuSeparator = lazy(async () => ({ default: (await load()).MenuSeparator }));
export const MenuLabel = lazy(async () => ({ default: (await load()).MenuLabel }));
const RadioGroup = lazy(async () => ({ default: (await load()).MenuRadioGroup }));

/** Typed by the caller's values; the loaded part only sees strings. */
export function MenuRadioGroup<Value extends string>(props: Parts.MenuRadioGroupProps<Value>) {
  return <RadioGroup {...(props as unknown as Parts.MenuRadioGroupProps<string>)} />; // as: the values come back as they were given
}

export interface MenuTriggerProps extends ComponentProps<"button"> {
  "aria-haspopup"?: "menu";
}

export function Menu(
  props: Omit<Parts.MenuPopupProps, "trigger"> & { trigger: ReactElement<MenuTriggerProps> },
) {
  const [wanted, setWanted] = useState(false);
  useWhenIdle(load);
  const trigger = cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onClick: () => setWanted(true),
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
  });
  return wanted ? (
    <Suspense fallback={trigger}>
      <MenuPopup {...props} />
    </Suspense>
  ) : (
    trigger
  );
}
