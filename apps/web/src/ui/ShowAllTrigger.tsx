/** The button within a field that chooses among many: it opens the list of all. */
import { Combobox as Base } from "@base-ui/react/combobox";
import { ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";

/** For within Base UI's combobox or autocomplete, which share their parts. `label`: the field's. */
export function ShowAllTrigger({ label }: { label: ReactNode }) {
  return (
    <Base.Trigger
      // until it knows its field, Base UI takes the button for the combobox itself: two of one name for a moment
      role="button"
      aria-label={typeof label === "string" ? `Show all: ${label}` : "Show all"}
      className="absolute top-0 right-0 flex size-8 items-center justify-center text-tertiary"
    >
      <ChevronsUpDown size={14} strokeWidth={1.5} aria-hidden />
    </Base.Trigger>
  );
}
