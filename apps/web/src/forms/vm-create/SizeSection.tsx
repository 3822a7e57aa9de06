/** How big the machine is. */
import { useEffect, useEffectEvent } from "react";
import { useInstanceTypes, usePreferenceChoices } from "../../components/use-choices.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import type { Firmware, SizingKind } from "./draft.ts";
import type { SectionProps } from "./section.ts";

const firmwareChoices: readonly { value: Firmware; label: string }[] = [
  { value: "default", label: "As the preference says" },
  { value: "bios", label: "BIOS" },
  { value: "efi", label: "UEFI" },
  { value: "efi-secure-boot", label: "UEFI with Secure Boot" },
];

/** A modest type that can be scheduled: the first guess for a new machine. */
const usualTypes = ["u1.small", "u1.medium", "u1.micro"];

export function SizeSection({ project, draft, change, errorAt }: SectionProps) {
  const { query, types, items, whyNot } = useInstanceTypes(project);
  const preferences = usePreferenceChoices(project);
  const able = types.filter((type) => type.schedulable === "yes" || type.schedulable === "unknown");
  const loaded = query.data !== undefined;
  const guess = able.find((type) => usualTypes.includes(type.id))?.id ?? able[0]?.id;
  const takeGuess = useEffectEvent(() => {
    if (draft.sizing !== "instance-type" || draft.instanceType !== "") return;
    change(guess === undefined ? { sizing: "custom" } : { instanceType: guess });
  });
  useEffect(() => {
    if (loaded) takeGuess();
  }, [loaded]);

  return (
    <div className="flex flex-col gap-4">
      <RadioCards<SizingKind>
        label="Size"
        value={draft.sizing}
        onChange={(sizing) => change({ sizing })}
        cards={[
          {
            value: "instance-type",
            title: "Instance type",
            detail: "A size that the operator keeps ready.",
            disabledReason: loaded && types.length === 0 ? "The cluster has no instance types." : undefined,
          },
          { value: "custom", title: "Your own size", detail: "vCPUs and memory as you enter them." },
        ]}
      />
      {draft.sizing === "instance-type" ? (
        <div data-field="sizing.name">
          <Combobox
            label="Instance type"
            value={draft.instanceType}
            onChange={(instanceType) => change({ instanceType })}
            items={items}
            placeholder="Choose or search"
            emptyText="No instance type of that name."
            hint={whyNot(draft.instanceType)}
            error={errorAt("sizing.name") ?? errorAt("sizing")}
          />
        </div>
      ) : (
        <div className="grid gap-4 sm:grid-cols-2">
          <div data-field="sizing.cpuCores">
            <NumberField
              label="vCPUs"
              unit="vCPU"
              min={1}
              max={512}
              value={draft.cpuCores}
              onChange={(cpuCores) => change({ cpuCores })}
              error={errorAt("sizing.cpuCores")}
            />
          </div>
          <div data-field="sizing.memoryBytes">
            <SizeField
              label="Memory"
              bytes={draft.memoryBytes}
              onChange={(memoryBytes) => change({ memoryBytes })}
              error={errorAt("sizing.memoryBytes")}
            />
          </div>
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <div data-field="preference">
          <Combobox
            label="Preference"
            optional
            value={draft.preference}
            onChange={(preference) => change({ preference })}
            items={preferences.items}
            placeholder="None"
            emptyText="No preference of that name."
            hint="Devices and firmware that suit a system."
            error={errorAt("preference")}
          />
        </div>
        <Select<Firmware>
          label="Firmware"
          value={draft.firmware}
          onChange={(firmware) => change({ firmware })}
          choices={firmwareChoices}
          error={errorAt("firmware")}
        />
      </div>
    </div>
  );
}
