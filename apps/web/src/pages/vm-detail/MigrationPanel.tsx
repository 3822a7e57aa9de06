/** Live migration on the machine's page: how far one is, how to give it up, and how the last ones ended. */
import type { MigrationStage, VmMigration, VmMigrations } from "@kubev/api-types/vm-migrations";
import type { Tone } from "@kubev/api-types/reason";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useVmAction } from "../../components/use-vm-actions.ts";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Section } from "../../ui/Facts.tsx";
import { StatusMark, StatusShape } from "../../ui/Status.tsx";

const steps = [
  { stage: "waiting", label: "Asked for" },
  { stage: "finding-host", label: "Find a host" },
  { stage: "preparing", label: "Prepare the target" },
  { stage: "copying", label: "Copy the memory" },
] as const satisfies readonly { stage: MigrationStage; label: string }[];

const endWords = { succeeded: "Moved", failed: "Failed" } as const;
const endTones = { succeeded: "ok", failed: "error" } as const satisfies Record<string, Tone>;

/** Who may not see migrations sees nothing here; what he misses is said where he would ask for one. */
function useMigrations(vm: VmRow) {
  const params = { project: vm.project, name: vm.name };
  return useQuery({ ...read("getVmMigrations", { params }), retry: false }).data;
}

/** The one under way, above everything else on the page. */
export function MigrationPanel({ vm }: { vm: VmRow }) {
  const data = useMigrations(vm);
  return data === undefined || data.active === null ? null : (
    <ActiveMigration vm={vm} active={data.active} cancel={data.cancel} />
  );
}

export function PastMigrations({ vm }: { vm: VmRow }) {
  const history = useMigrations(vm)?.history ?? [];
  if (history.length === 0) return null;
  return (
    <Section title="Live migrations">
      <ul className="flex flex-col gap-1.5">
        {history.slice(0, 3).map((one) => (
          <li key={one.uid}>
            <EndedMigration migration={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface ActiveProps {
  vm: VmRow;
  active: VmMigration;
  cancel: VmMigrations["cancel"];
}

function ActiveMigration({ vm, active, cancel }: ActiveProps) {
  const action = useVmAction();
  const at = steps.findIndex((step) => step.stage === active.stage);
  const towards = active.targetHost || active.wantedHost || "a host that the scheduler picks";
  return (
    <section
      aria-label="Live migration"
      className="flex max-w-3xl flex-col gap-3 rounded-md border border-stroke bg-raised p-3"
    >
      <p className="min-w-0 font-medium break-words">
        From {active.sourceHost || vm.host} to {towards}, since <Age iso={active.createdAt} />
      </p>
      <ol
        aria-label="Steps of the migration"
        className="flex flex-col flex-wrap gap-x-6 gap-y-1.5 sm:flex-row"
      >
        {steps.map((step, index) => (
          <li
            key={step.stage}
            aria-current={index === at ? "step" : undefined}
            className={cx("flex items-center gap-2", index > at && "text-tertiary")}
          >
            <StatusShape tone={index < at ? "ok" : index === at ? "working" : "off"} />
            {step.label}
          </li>
        ))}
      </ol>
      {active.message === "" ? null : <p className="font-mono text-xs break-words">{active.message}</p>}
      <div>
        <Button
          size="sm"
          busy={action.isPending || active.stage === "cancelling"}
          disabledReason={disabledReason(cancel)}
          onClick={() => action.mutate({ action: "cancelMigration", targets: [vm] })}
        >
          Cancel the migration
        </Button>
      </div>
    </section>
  );
}

function EndedMigration({ migration }: { migration: VmMigration }) {
  const end = migration.stage === "succeeded" ? "succeeded" : "failed";
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3">
        <StatusMark tone={endTones[end]}>{endWords[end]}</StatusMark>
        <span className="min-w-0 truncate text-secondary">
          {migration.sourceHost === "" ? "before it began" : `from ${migration.sourceHost}`}
          {migration.targetHost === "" ? "" : ` to ${migration.targetHost}`}
        </span>
        <span className="ml-auto text-secondary">
          <Age iso={migration.endedAt ?? migration.createdAt} />
        </span>
      </div>
      {migration.message === "" ? null : (
        <p className="font-mono text-xs break-words text-secondary">{migration.message}</p>
      )}
    </div>
  );
}
