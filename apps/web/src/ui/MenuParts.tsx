/** The parts of an open menu. An item that cannot be used stays readable and says why beneath its name. */
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";

export interface MenuPopupProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "center" | "end" | undefined;
  side?: "top" | "bottom" | "left" | "right" | undefined;
  className?: string | undefined;
}

const popupClass =
  "popup-motion max-h-[var(--available-height)] min-w-44 max-w-[min(360px,92vw)] overflow-y-auto rounded-lg border border-stroke bg-overlay p-1 text-sm shadow-overlay outline-none";
const itemClass =
  "flex min-h-7 cursor-pointer items-center gap-2 rounded-sm px-2 py-1 outline-none data-highlighted:bg-hover data-disabled:cursor-not-allowed";

/** Open from the start: it is only loaded when its trigger was pressed. */
export function MenuPopup({ trigger, children, align = "end", side = "bottom", className }: MenuPopupProps) {
  return (
    <Base.Root modal={false} defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-popup outline-none">
          <Base.Popup className={cx(popupClass, className)}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuItemProps {
  children: ReactNode;
  onSelect: () => void;
  icon?: ReactNode;
  danger?: boolean | undefined;
  /** A whole sentence; present means the item cannot be chosen. Empty where a note of the menu says it for all. */
  disabledReason?: string | undefined;
  hint?: ReactNode;
}

export function MenuItem({ children, onSelect, icon, danger = false, disabledReason, hint }: MenuItemProps) {
  const disabled = disabledReason !== undefined;
  return (
    <Base.Item className={itemClass} disabled={disabled} onClick={onSelect}>
      {icon === undefined ? null : (
        <span className={cx("shrink-0 self-start pt-0.5", disabled ? "text-tertiary" : "text-secondary")}>
          {icon}
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span className={cx("block", disabled ? "text-tertiary" : danger ? "text-error" : "text-content")}>
          {children}
        </span>
        {disabledReason ? <span className="block text-xs text-tertiary">{disabledReason}</span> : null}
      </span>
      {hint === undefined ? null : <span className="shrink-0 text-xs text-tertiary">{hint}</span>}
    </Base.Item>
  );
}

interface MenuCheckItemProps {
  children: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function MenuCheckItem({ children, checked, onChange }: MenuCheckItemProps) {
  return (
    <Base.CheckboxItem
      className={itemClass}
      checked={checked}
      onCheckedChange={onChange}
      closeOnClick={false}
    >
      <span className="size-4 shrink-0">
        <Base.CheckboxItemIndicator>
          <Check size={16} strokeWidth={1.75} aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      <span className="min-w-0 truncate">{children}</span>
    </Base.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="my-1 border-t border-stroke" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-xs text-tertiary">{children}</div>;
}

export interface MenuRadioGroupProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  choices: readonly { value: Value; label: ReactNode }[];
}

export function MenuRadioGroup(props: MenuRadioGroupProps<string>) {
  return (
    <Base.RadioGroup value={props.value} onValueChange={props.onChange}>
      {props.choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} className={itemClass} closeOnClick={false}>
          <span className="size-4 shrink-0">
            <Base.RadioItemIndicator>
              <Check size={16} strokeWidth={1.75} aria-hidden />
            </Base.RadioItemIndicator>
          </span>
          {choice.label}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
