/** A searchable choice among many, e.g. images, instance types, subnets. */
import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown } from "lucide-react";
import { cx } from "./cx.ts";
import { controlClass, Field, type FieldProps } from "./Field.tsx";

export interface ComboboxItem {
  value: string;
  label: string;
  detail?: string | undefined;
  group?: string | undefined;
  /** Shown, cannot be chosen, says why. */
  disabledReason?: string | undefined;
}

interface ComboboxProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  items: readonly ComboboxItem[];
  placeholder?: string | undefined;
  /** Said when nothing matches. */
  emptyText: string;
}

export function Combobox(props: ComboboxProps) {
  const { label, hint, error, optional, className, value, onChange, items, placeholder, emptyText } = props;
  const selected = items.find((item) => item.value === value) ?? null;
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <Base.Root
          items={items}
          value={selected}
          onValueChange={(item: ComboboxItem | null) => onChange(item?.value ?? "")}
          itemToStringLabel={(item: ComboboxItem) => item.label}
          isItemEqualToValue={(a: ComboboxItem, b: ComboboxItem) => a.value === b.value}
        >
          <div className="relative">
            <Base.Input
              {...wiring}
              placeholder={placeholder}
              className={cx(controlClass, "h-8 truncate pr-8")}
            />
            <Base.Trigger
              aria-label="Show all"
              className="absolute top-0 right-0 flex size-8 items-center justify-center text-tertiary"
            >
              <ChevronsUpDown size={14} strokeWidth={1.5} aria-hidden />
            </Base.Trigger>
          </div>
          <Base.Portal>
            <Base.Positioner sideOffset={4} className="z-popup outline-none">
              <Base.Popup className="popup-motion w-[var(--anchor-width)] max-w-[var(--available-width)] rounded-lg border border-stroke bg-overlay shadow-overlay">
                <Base.Empty>
                  <div className="px-3 py-3 text-tertiary">{emptyText}</div>
                </Base.Empty>
                <Base.List className="max-h-[min(320px,var(--available-height))] overflow-y-auto p-1 data-empty:p-0">
                  {(item: ComboboxItem) => <Row key={item.value} item={item} />}
                </Base.List>
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  );
}

function Row({ item }: { item: ComboboxItem }) {
  return (
    <Base.Item
      value={item}
      disabled={item.disabledReason !== undefined}
      className="flex cursor-pointer items-start gap-2 rounded-sm px-2 py-1.5 outline-none data-disabled:cursor-not-allowed data-highlighted:bg-hover"
    >
      <span className="mt-0.5 size-4 shrink-0">
        <Base.ItemIndicator>
          <Check size={16} strokeWidth={1.75} aria-hidden />
        </Base.ItemIndicator>
      </span>
      <span className="min-w-0 flex-1">
        <span className={cx("block break-words", item.disabledReason && "text-tertiary")}>{item.label}</span>
        {item.detail ? <span className="block text-xs text-secondary">{item.detail}</span> : null}
        {item.disabledReason ? (
          <span className="block text-xs text-attention">{item.disabledReason}</span>
        ) : null}
      </span>
      {item.group ? <span className="shrink-0 text-xs text-tertiary">{item.group}</span> : null}
    </Base.Item>
  );
}
