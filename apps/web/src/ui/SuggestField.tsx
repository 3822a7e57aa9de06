/** A text field that suggests: what there is can be picked while typing, anything else can be written. */
import { Autocomplete as Base } from "@base-ui/react/autocomplete";
import { ChoicePopup } from "./ChoicePopup.tsx";
import { type ComboboxItem, type ItemSearch, offeredOf } from "./choice-item.ts";
import { cx } from "./cx.ts";
import { controlClass, Field, type FieldProps } from "./Field.tsx";
import { ShowAllTrigger } from "./ShowAllTrigger.tsx";
import { useTyped } from "./use-typed.ts";

interface SuggestFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  items: readonly ComboboxItem[];
  search?: ItemSearch | undefined;
  placeholder?: string | undefined;
  maxLength: number;
  emptyText: string;
}

export function SuggestField(props: SuggestFieldProps) {
  const { label, hint, error, optional, className, value, onChange, items, search, emptyText } = props;
  const { placeholder, maxLength } = props;
  const { typed, onInputValueChange, onOpenChange, onOpenChangeComplete } = useTyped(search);
  const { offered, more } = offeredOf(items, typed, search);
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <Base.Root
          items={offered}
          filter={null}
          value={value}
          onValueChange={(text, details) => {
            onInputValueChange(text, details);
            onChange(text);
          }}
          onOpenChange={onOpenChange}
          onOpenChangeComplete={onOpenChangeComplete}
          itemToStringValue={(item: ComboboxItem) => item.value}
          openOnInputClick
        >
          <div className="relative">
            <Base.Input
              {...wiring}
              placeholder={placeholder}
              maxLength={maxLength}
              autoComplete="off"
              spellCheck={false}
              className={cx(controlClass, "h-8 pr-8")}
            />
            <ShowAllTrigger label={label} />
          </div>
          <ChoicePopup offered={offered} more={more} search={search} emptyText={emptyText} />
        </Base.Root>
      )}
    </Field>
  );
}
