/** The machine's common settings: changed here, with what each change takes said beside before it is saved. */
import type { VmSettings, VmSettingsWrite } from "@kubev/api-types/vm-settings";
import type { Reason } from "@kubev/api-types/reason";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { ProblemNotice } from "../../components/ProblemNotice.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { settingLabel } from "../../components/setting-words.ts";
import { SettingChanges } from "../../components/SettingChanges.tsx";
import { useTitle } from "../../components/use-title.ts";
import { ConflictNotice, conflictsOf } from "../../forms/ConflictNotice.tsx";
import { FormPage } from "../../forms/form-parts.tsx";
import { useChecked } from "../../forms/use-checked.ts";
import { useEditDraft } from "../../forms/use-edit-draft.ts";
import { useDeed } from "../../components/use-deed.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";
import { SettingsFields } from "./SettingsFields.tsx";
import { useVm } from "./use-vm.ts";

export default function SettingsTab() {
  const { row } = useVm();
  useTitle(`Settings of ${row.name}`);
  const params = { project: row.project, name: row.name };
  const settings = useQuery({ ...read("getVmSettings", { params }), refetchOnWindowFocus: false });
  if (settings.data !== undefined)
    return <SettingsForm key={`${row.project}/${row.name}`} params={params} settings={settings.data} />;
  return settings.error ? (
    <LoadFailed
      error={settings.error}
      what="The settings could not be loaded."
      onRetry={() => void settings.refetch()}
    />
  ) : (
    <div className="px-5 py-6">
      <SkeletonLines lines={8} label="Loading the settings" />
    </div>
  );
}

function useSettingsCheck({ params, settings }: SettingsFormProps, body: VmSettingsWrite, changed: boolean) {
  return useChecked({
    // what others store meanwhile is another question: what was typed may collide with it
    key: ["checkVmSettings", params, settings.values],
    asked: body,
    ask: async (asked, signal) => call("checkVmSettings", { params, body: asked }, { signal }),
    isReady: () => changed,
  });
}

interface SettingsFormProps {
  params: { project: string; name: string };
  settings: VmSettings;
}

function SettingsForm(props: SettingsFormProps) {
  const { params, settings } = props;
  const draft = useEditDraft(`vm-settings/${params.project}/${params.name}`, settings.values);
  const { was, now: values, isChanged: changed, discard } = draft;
  const body: VmSettingsWrite = { was, values };
  const { query: check, current } = useSettingsCheck(props, body, changed);
  const written = JSON.stringify(values);
  const latest = useRef(written);
  useEffect(() => {
    latest.current = written;
  });
  const save = useDeed({
    run: (_sent: string) => call("putVmSettings", { params, body }),
    done: ({ changes }) =>
      changes.some((change) => change.effect === "restart")
        ? `Saved. ${params.name} needs a restart for some of it.`
        : `Saved: ${params.name}.`,
    shownBy: ["getVmSettings", "getVm", "getVmPending"],
    // a reload from here on begins with what is stored
    onDone: draft.forget,
    onFetched: (_reply, sent) => {
      // what was typed meanwhile stays
      if (latest.current === sent) discard();
    },
  });
  const found = changed && current ? (check.data?.fields ?? []) : [];
  const errors = formErrors(save.error === null ? found : fieldsOf(save.error));
  const told = conflictsOf(save.error);
  const conflicts = told.length > 0 ? told : ((changed && current ? check.data?.conflicts : undefined) ?? []);
  const refused = disabledReason(settings.edit);
  const whyNot =
    refused ??
    (changed ? undefined : "Nothing was changed.") ??
    (conflicts.length > 0 ? "Choose first between what is stored and what is yours." : undefined) ??
    (found[0] === undefined ? undefined : `${settingLabel(found[0].path)}: ${errors.all[0]?.text ?? ""}`);
  return (
    <FormPage
      verb="Save"
      busy={save.isPending}
      disabledReason={whyNot}
      onSubmit={() => save.mutate(written)}
      error={told.length > 0 ? null : save.error}
      fields={errors.all}
      labelOf={settingLabel}
      top={
        <ConflictNotice
          conflicts={conflicts}
          labelOf={settingLabel}
          onDecide={(conflict, take) => {
            save.reset();
            draft.decide(conflict, take);
          }}
        />
      }
      footer={
        <Button
          disabledReason={draft.isDraft ? undefined : "Nothing was changed."}
          onClick={() => {
            save.reset();
            discard();
          }}
        >
          Discard changes
        </Button>
      }
      asideLabel="What would change"
      aside={
        <div className="p-4">
          <h2 className="pb-2 text-sm font-semibold">What would change</h2>
          {changed ? (
            <Outcome check={check} />
          ) : (
            <p className="text-secondary text-pretty">
              {settings.running
                ? "Each change says here whether it takes effect live, by a migration, or after a restart."
                : "The machine does not run: every change takes effect when it starts."}
            </p>
          )}
        </div>
      }
    >
      {refused === undefined ? null : <Notice tone="attention">{refused}</Notice>}
      <fieldset
        disabled={refused !== undefined}
        className="flex min-w-0 flex-col gap-8 [&:disabled_:is(input,select,textarea,button)]:cursor-not-allowed [&:disabled_:is(input,select,textarea,button)]:opacity-70"
      >
        <SettingsFields
          project={params.project}
          values={values}
          settings={settings}
          errorAt={errors.at}
          onChange={(part) => {
            save.reset();
            draft.change(part);
          }}
        />
      </fieldset>
    </FormPage>
  );
}

interface OutcomeProps {
  check: ReturnType<typeof useSettingsCheck>["query"];
}

/** Quotas count pods, and a size counts when a pod of it is made: what has no room can be saved all the same. */
const quotaText = (found: Reason): string =>
  found.code === "quota-exceeded"
    ? `${reasonText(found)} It can be saved; the cluster decides when it makes a pod of the new size.`
    : reasonText(found);

function Outcome({ check }: OutcomeProps) {
  if (check.error) return <ProblemNotice error={check.error} />;
  if (check.data === undefined) return <SkeletonLines lines={3} label="Checking the changes" />;
  const whole = formErrors(check.data.fields.filter((field) => field.path === "")).all;
  return (
    <div className="flex flex-col gap-3">
      <SettingChanges changes={check.data.changes} />
      {whole.map(({ text }) => (
        <Notice key={text} tone="error">
          {text}
        </Notice>
      ))}
      {check.data.quota === undefined ? null : (
        <Notice tone="attention">{quotaText(check.data.quota)}</Notice>
      )}
      {check.data.warnings.map((warning) => (
        <Notice key={warning} tone="attention">
          {warning}
        </Notice>
      ))}
    </div>
  );
}
