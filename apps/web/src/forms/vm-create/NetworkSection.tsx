/** Where the machine is attached, with which address, and which networks it has besides. */
import { NounsField } from "../../objects/NounsField.tsx";
import { NicPlaceFields } from "../network/NicPlaceFields.tsx";
import type { SectionProps } from "./section.ts";

export function NetworkSection({ project, draft, change, errorAt }: SectionProps) {
  return (
    <div className="flex flex-col gap-4">
      <NicPlaceFields
        project={project}
        prefix="nic."
        place={draft.nic}
        choosing
        change={(part) => change({ nic: { ...draft.nic, ...part } })}
        errorAt={errorAt}
      />
      <fieldset className="flex min-w-0 flex-col gap-1.5">
        <legend className="pb-1 font-medium">More interfaces</legend>
        <p className="text-xs text-tertiary">
          One for each network attachment. They can also be plugged in while the machine runs.
        </p>
        <NounsField
          noun="network-attachment"
          where={`project="${project}"`}
          field="attachments"
          label="Network attachment"
          add="Add an interface"
          max={7}
          value={draft.attachments}
          onChange={(attachments) => change({ attachments })}
          errorAt={errorAt}
        />
      </fieldset>
    </div>
  );
}
