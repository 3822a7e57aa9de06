/** A choice among few where each needs a line of explanation. */
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

interface RadioCard<Value extends string> {
  value: Value;
  title: ReactNode;
  detail?: ReactNode;
  /** Present: the card cannot be chosen, and this says why. */
  disabledReason?: string | undefined;
}

interface RadioCardsProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  cards: readonly RadioCard<Value>[];
  columns?: 1 | 2 | 3 | undefined;
}

const columnsClass = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3" };

export function RadioCards<Value extends string>(props: RadioCardsProps<Value>) {
  return (
    <RadioGroup
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value)}
      className={cx("grid grid-cols-1 gap-2", columnsClass[props.columns ?? 2])}
    >
      {props.cards.map((card) => (
        <Radio.Root
          key={card.value}
          value={card.value}
          disabled={card.disabledReason !== undefined}
          render={<div />}
          className="flex min-w-0 cursor-pointer items-start gap-2.5 rounded-md border border-control/50 bg-raised px-3 py-2 hover:border-control data-checked:border-accent data-checked:bg-selected data-disabled:cursor-not-allowed data-disabled:opacity-60"
        >
          <span className="mt-1 flex size-3.5 shrink-0 items-center justify-center rounded-full border border-control">
            <Radio.Indicator className="size-2 rounded-full bg-accent" />
          </span>
          <span className="min-w-0">
            <span className="block font-medium break-words">{card.title}</span>
            {card.detail ? <span className="block text-xs text-secondary">{card.detail}</span> : null}
            {card.disabledReason ? (
              <span className="block text-xs text-secondary">{card.disabledReason}</span>
            ) : null}
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
