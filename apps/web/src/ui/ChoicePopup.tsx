/** The list under a field that chooses among many: its rows, what it says of itself, and the way out of a failure. */
import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, CircleAlert } from "lucide-react";
import { Button } from "./Button.tsx";
import type { ComboboxItem, ItemSearch } from "./choice-item.ts";
import { choiceWords } from "./choice-words.ts";
import { cx } from "./cx.ts";

interface ChoiceListProps {
  offered: readonly ComboboxItem[];
  more: number;
  search: ItemSearch | undefined;
  emptyText: string;
}

/** For within a `Popup` of Base UI's combobox or autocomplete, which share their parts; the popup is a column that limits the height. */
export function ChoiceList({ offered, more, search, emptyText }: ChoiceListProps) {
  const { text, tone, isSeen } = choiceWords({
    shown: offered.length,
    more,
    isLooking: search?.isLooking ?? false,
    failed: search?.failed,
    emptyText,
  });
  return (
    <>
      {/* without it, Escape on a list that is empty would close the dialog around it */}
      <Base.Empty />
      <Base.List className="min-h-0 overflow-y-auto p-1 data-empty:p-0">
        {(item: ComboboxItem) => <Row key={item.value} item={item} />}
      </Base.List>
      <Base.Status
        className={cx(
          !isSeen && "sr-only",
          isSeen && offered.length > 0 && "border-t border-stroke",
          tone === "error" ? "text-error" : "text-tertiary",
          "flex shrink-0 items-start gap-2 px-3 py-2.5 text-pretty",
          offered.length > 0 && "py-2 text-xs",
        )}
      >
        {tone === "error" ? (
          <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5 shrink-0" aria-hidden />
        ) : null}
        <span className="min-w-0 break-words">{text}</span>
      </Base.Status>
      {tone === "error" ? (
        <div className="shrink-0 px-3 pb-3">
          <Button size="sm" onClick={search?.onRead}>
            Try again
          </Button>
        </div>
      ) : null}
    </>
  );
}

export function ChoicePopup(props: ChoiceListProps) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-popup outline-none">
        <Base.Popup className="popup-motion flex max-h-[min(360px,var(--available-height))] w-[var(--anchor-width)] max-w-[var(--available-width)] flex-col rounded-lg border border-stroke bg-overlay shadow-overlay">
          <ChoiceList {...props} />
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
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
      {item.group ? <span className="shrink-0 pt-0.5 text-xs text-tertiary">{item.group}</span> : null}
    </Base.Item>
  );
}
