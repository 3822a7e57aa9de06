/** The fields of a machine's settings, in the order of what is changed most. */
import type { VmSettings, VmSettingsForm } from "@kubev/api-types/vm-settings";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useInstanceTypes, usePreferenceChoices } from "../../components/use-choices.ts";
import { evictionChoices, settingLabel } from "../../components/setting-words.ts";
import { FormSection } from "../../forms/form-parts.tsx";
import { LabelsField } from "../../forms/LabelLines.tsx";
import { NicPlaceFields } from "../../forms/network/NicPlaceFields.tsx";
import { formatBytes } from "../../format/numbers.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Combobox } from "../../ui/Combobox.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";

interface SettingsFieldsProps {
  project: string;
  values: VmSettingsForm;
  settings: VmSettings;
  errorAt: (path: string) => string | undefined;
  onChange: (part: Partial<VmSettingsForm>) => void;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

const runStrategies = [
  { value: "Always", label: "Always: it runs, and is started again whenever it ends" },
  { value: "RerunOnFailure", label: "RerunOnFailure: started again after a failure only" },
  { value: "Manual", label: "Manual: it starts and stops on request only" },
  { value: "Once", label: "Once: started once, never again" },
  { value: "Halted", label: "Halted: it is stopped" },
] as const;
const firmwares = [
  { value: "default", label: "As the preference says, else BIOS" },
  { value: "bios", label: "BIOS" },
  { value: "efi", label: "UEFI" },
  { value: "efi-secure-boot", label: "UEFI with Secure Boot" },
] as const;

function At({ field, children }: { field: string; children: ReactNode }) {
  return <div data-field={field}>{children}</div>;
}

export function SettingsFields({ project, values, settings, errorAt, onChange }: SettingsFieldsProps) {
  return (
    <>
      <FormSection title="About">
        <At field="description">
          <TextArea
            label="Description"
            optional
            rows={2}
            value={values.description}
            onChange={(description) => onChange({ description })}
            error={errorAt("description")}
          />
        </At>
        <fieldset className="flex min-w-0 flex-col gap-1.5">
          <legend className="pb-1 font-medium">Labels</legend>
          <LabelsField
            labels={values.labels}
            onChange={(labels) => onChange({ labels })}
            error={errorAt("labels")}
          />
        </fieldset>
        <CheckField
          label="Protect against deletion"
          hint="The cluster refuses to delete the machine while this is on."
          checked={values.deleteProtected}
          onChange={(deleteProtected) => onChange({ deleteProtected })}
        />
      </FormSection>
      <FormSection title="Size">
        <SizeFields
          project={project}
          values={values}
          settings={settings}
          errorAt={errorAt}
          onChange={onChange}
        />
      </FormSection>
      <FormSection title="Running">
        <At field="runStrategy">
          <Select
            label="Run strategy"
            hint={
              values.runStrategy === settings.values.runStrategy
                ? undefined
                : "Changing it may start or stop the machine."
            }
            value={values.runStrategy}
            onChange={(runStrategy) => onChange({ runStrategy })}
            choices={runStrategies}
            error={errorAt("runStrategy")}
          />
        </At>
        <At field="evictionStrategy">
          <Select
            label={settingLabel("evictionStrategy")}
            value={values.evictionStrategy}
            onChange={(evictionStrategy) => onChange({ evictionStrategy })}
            choices={evictionChoices}
            error={errorAt("evictionStrategy")}
          />
        </At>
        <At field="terminationGracePeriodSeconds">
          <NumberField
            label="Time to shut down"
            hint="How long the guest may take before its power is cut. Empty: the cluster's default."
            optional
            unit="seconds"
            min={0}
            value={values.terminationGracePeriodSeconds}
            onChange={(terminationGracePeriodSeconds) => onChange({ terminationGracePeriodSeconds })}
            error={errorAt("terminationGracePeriodSeconds")}
          />
        </At>
      </FormSection>
      <FormSection title="Network">
        <p className="text-secondary">
          Of the first interface. Others are added and removed on the Network tab, while the machine runs too.
        </p>
        <NicPlaceFields
          project={project}
          prefix=""
          place={values}
          choosing={values.subnet !== settings.values.subnet}
          change={onChange}
          errorAt={errorAt}
        />
      </FormSection>
      <FormSection title="Boot">
        <BootOrder values={values} settings={settings} onChange={onChange} />
        <At field="firmware">
          <Select
            label="Firmware"
            hint={
              values.firmware === settings.values.firmware
                ? undefined
                : "A guest that was installed under another firmware usually does not boot."
            }
            value={values.firmware}
            onChange={(firmware) => onChange({ firmware })}
            choices={firmwares}
            error={errorAt("firmware")}
          />
        </At>
        <At field="hostname">
          <TextField
            label="Host name"
            optional
            hint="What cloud-init and DHCP tell the guest. Empty: the machine's name."
            value={values.hostname}
            onChange={(hostname) => onChange({ hostname: hostname.trim() })}
            error={errorAt("hostname")}
            maxLength={63}
            spellCheck={false}
          />
        </At>
      </FormSection>
    </>
  );
}

function SizeFields({ project, values, settings, errorAt, onChange }: SettingsFieldsProps) {
  const types = useInstanceTypes(project);
  const preferences = usePreferenceChoices(project);
  const { maxSockets, maxMemoryBytes } = settings.growth;
  return (
    <>
      {settings.values.instanceType === "" ? (
        <>
          <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
            <At field="sockets">
              <NumberField
                label="CPU sockets"
                unit="sockets"
                min={1}
                max={512}
                value={values.sockets}
                onChange={(sockets) => onChange({ sockets: sockets ?? 1 })}
                error={errorAt("sockets")}
                hint={maxSockets === null ? undefined : `Up to ${maxSockets} without a restart.`}
              />
            </At>
            <At field="cores">
              <NumberField
                label="Cores per socket"
                unit="cores"
                min={1}
                max={512}
                value={values.cores}
                onChange={(cores) => onChange({ cores: cores ?? 1 })}
                error={errorAt("cores")}
              />
            </At>
            <At field="threads">
              <NumberField
                label="Threads per core"
                unit="threads"
                min={1}
                max={8}
                value={values.threads}
                onChange={(threads) => onChange({ threads: threads ?? 1 })}
                error={errorAt("threads")}
              />
            </At>
          </div>
          <At field="memoryBytes">
            <SizeField
              label="Memory"
              bytes={values.memoryBytes}
              onChange={(memoryBytes) => onChange({ memoryBytes: memoryBytes ?? 0 })}
              error={errorAt("memoryBytes")}
              hint={
                maxMemoryBytes === null
                  ? undefined
                  : `Up to ${formatBytes(maxMemoryBytes)} without a restart.`
              }
            />
          </At>
        </>
      ) : (
        <At field="instanceType">
          <Combobox
            label="Instance type"
            value={values.instanceType}
            onChange={(instanceType) => onChange({ instanceType })}
            items={types.items}
            emptyText="No instance type has this name."
            hint={
              values.instanceType === settings.values.instanceType
                ? undefined
                : types.whyNot(values.instanceType)
            }
            error={errorAt("instanceType")}
          />
        </At>
      )}
      <At field="preference">
        <Combobox
          label="Preference"
          optional
          value={values.preference}
          onChange={(preference) => onChange({ preference })}
          items={preferences.items}
          emptyText="No preference has this name."
          error={errorAt("preference")}
        />
      </At>
    </>
  );
}

function BootOrder({
  values,
  settings,
  onChange,
}: Pick<SettingsFieldsProps, "values" | "settings" | "onChange">) {
  const { bootOrder } = values;
  const rest = settings.bootDevices.filter((device) => !bootOrder.includes(device.name));
  const move = (index: number, by: number) => {
    const next = [...bootOrder];
    const [name] = next.splice(index, 1);
    if (name !== undefined) next.splice(index + by, 0, name);
    onChange({ bootOrder: next });
  };
  return (
    <fieldset data-field="bootOrder" className="flex min-w-0 flex-col gap-1.5">
      <legend className="pb-1 font-medium">Boot order</legend>
      {bootOrder.length === 0 ? (
        <p className="text-secondary">
          Not set: the firmware tries the disks in the order of the definition.
        </p>
      ) : (
        <ol className="divide-y divide-stroke rounded-md border border-stroke">
          {bootOrder.map((name, index) => (
            <li key={name} className="flex items-center gap-2 px-3 py-1">
              <span className="tabular w-5 text-tertiary">{index + 1}</span>
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <IconButton
                size="sm"
                aria-label={`Boot ${name} earlier`}
                icon={<ArrowUp {...icon} />}
                disabledReason={index === 0 ? "It is the first." : undefined}
                onClick={() => move(index, -1)}
              />
              <IconButton
                size="sm"
                aria-label={`Boot ${name} later`}
                icon={<ArrowDown {...icon} />}
                disabledReason={index === bootOrder.length - 1 ? "It is the last." : undefined}
                onClick={() => move(index, 1)}
              />
              <IconButton
                size="sm"
                aria-label={`Do not boot from ${name}`}
                icon={<X {...icon} />}
                onClick={() => onChange({ bootOrder: bootOrder.filter((other) => other !== name) })}
              />
            </li>
          ))}
        </ol>
      )}
      {rest.length === 0 ? null : (
        <div className="flex flex-wrap gap-2">
          {rest.map((device) => (
            <Button
              key={device.name}
              size="sm"
              icon={<Plus size={14} strokeWidth={1.5} aria-hidden />}
              onClick={() => onChange({ bootOrder: [...bootOrder, device.name] })}
            >
              {device.name}
            </Button>
          ))}
        </div>
      )}
    </fieldset>
  );
}
