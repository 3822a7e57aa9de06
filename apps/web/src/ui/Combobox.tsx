/** A searchable choice among many, e.g. images, instance types, subnets: all of them known, or searched by somebody else. */
import { Combobox as Base } from "@base-ui/react/combobox";
import { ChoicePopup } from "./ChoicePopup.tsx";
import { type ComboboxItem, type ItemSearch, offeredOf } from "./choice-item.ts";
import { cx } from "./cx.ts";
import { controlClass, Field, type FieldProps } from "./Field.tsx";
import { ShowAllTrigger } from "./ShowAllTrigger.tsx";
import { useTyped } from "./use-typed.ts";

interface ComboboxProps extends FieldProps {
  /** '' while nothing is chosen. */
  value: string;
  onChange: (value: string) => void;
  /** All there are; with `search`, those that were found. */
  items: readonly ComboboxItem[];
  search?: ItemSearch | undefined;
  placeholder?: string | undefined;
  /** Said when nothing matches. */
  emptyText: string;
}

export function Combobox(props: ComboboxProps) {
  const { label, hint, error, optional, className, value, onChange, items, search, placeholder, emptyText } =
    props;
  const { text, typed, ...listeners } = useTyped(search);
  const { offered, more } = offeredOf(items, typed, search);
  const chosen = search?.chosen?.value === value ? search.chosen : undefined;
  // what is chosen stays chosen, also while it is on no page that was read
  const selected =
    value === "" ? null : (items.find((item) => item.value === value) ?? chosen ?? { value, label: value });
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <Base.Root
          items={offered}
          filter={null}
          value={selected}
          onValueChange={(item: ComboboxItem | null) => onChange(item?.value ?? "")}
          inputValue={text ?? selected?.label ?? ""}
          {...listeners}
          itemToStringLabel={(item: ComboboxItem) => item.label}
          isItemEqualToValue={(a: ComboboxItem, b: ComboboxItem) => a.value === b.value}
        >
          <div className="relative">
            <Base.Input
              {...wiring}
              placeholder={placeholder}
              className={cx(controlClass, "h-8 truncate pr-8")}
            />
            <ShowAllTrigger label={label} />
          </div>
          <ChoicePopup offered={offered} more={more} search={search} emptyText={emptyText} />
        </Base.Root>
      )}
    </Field>
  );
}
