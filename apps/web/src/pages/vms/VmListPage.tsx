/** The list of machines: of one project, or of all. */
import { vmTones } from "@kubev/api-types/vm-tones";
import type { ActionOutcome, VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import { Monitor, MoreHorizontal, Plus } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { rowKey } from "../../api/live/list-window.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useGo } from "../../components/use-place.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { VmActionMenu } from "../../components/VmActionMenu.tsx";
import { statusWords } from "../../components/vm-words.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { formatBytes, formatCores } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { ListPage } from "../../table/ListPage.tsx";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { StateFacets } from "../../table/StateFacets.tsx";
import { useList } from "../../table/use-list.ts";
import { useSelection } from "../../table/use-selection.ts";
import { IconButton } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Badge } from "../../ui/Status.tsx";
import { vmColumns, vmHints } from "./vm-columns.tsx";

const OutcomesDialog = lazy(async () => ({
  default: (await import("../../components/VmActionDialogs.tsx")).OutcomesDialog,
}));
const BulkDeleteVms = lazy(async () => ({ default: (await import("./BulkDeleteVms.tsx")).BulkDeleteVms }));
const VmBulkBar = lazy(async () => ({ default: (await import("./VmBulkBar.tsx")).VmBulkBar }));
const narrowRow = (vm: VmRow) => <VmNarrowRow vm={vm} withProject={false} />;
const narrowRowOfAll = (vm: VmRow) => <VmNarrowRow vm={vm} withProject />;
const rowActions = (vm: VmRow) => (
  <VmActionMenu
    vm={vm}
    trigger={
      <IconButton
        size="sm"
        aria-label={`Actions for ${vm.name}`}
        icon={<MoreHorizontal size={16} strokeWidth={1.5} aria-hidden />}
      />
    }
  />
);

const shownWords = { status: statusWords };

export default function VmListPage() {
  const list = useList("vms");
  const go = useGo();
  const { project } = list;
  const { createRefused } = useProjectActions(project);
  const selection = useSelection<VmRow>(list);
  const [outcomes, setOutcomes] = useState<{ action: VmActionName; outcomes: ActionOutcome[] } | null>(null);
  const columns = useMemo(
    () => (project === undefined ? vmColumns : vmColumns.filter((column) => column.id !== "project")),
    [project],
  );
  const create =
    project === undefined ? null : (
      <ButtonLink
        to={paths.vmCreate(project)}
        tone="primary"
        disabledReason={createRefused}
        icon={<Plus size={16} strokeWidth={1.75} aria-hidden />}
      >
        Create VM
      </ButtonLink>
    );
  return (
    <>
      <ListPage<VmRow>
        tableId={project === undefined ? "platform-vms" : "vms"}
        title="Virtual machines"
        failed="The list of machines could not be loaded."
        placeholder="Search, e.g. shop status:running cpu>4"
        hints={vmHints}
        words={shownWords}
        columns={columns}
        list={list}
        keyOf={rowKey}
        nameOf={(vm) => vm.name}
        onOpen={(vm) => go(paths.vm(vm.project, vm.name))}
        selection={selection}
        action={create}
        facets={(reply, q, setQ) => (
          <StateFacets reply={reply} words={statusWords} tones={vmTones} q={q} onChange={setQ} />
        )}
        empty={
          <EmptyState
            title={
              project === undefined ? "There are no virtual machines" : "This project has no virtual machines"
            }
            icon={<Monitor size={28} strokeWidth={1.25} aria-hidden />}
            action={create ?? <ButtonLink to={paths.projects()}>Choose a project</ButtonLink>}
          >
            A virtual machine is a computer of its own that runs on one of the hosts. Make one from an image,
            an installer ISO or a disk.
          </EmptyState>
        }
        renderNarrow={project === undefined ? narrowRowOfAll : narrowRow}
        renderActions={rowActions}
        bulkBar={
          <Suspense fallback={null}>
            <VmBulkBar
              rows={selection.rows}
              onDone={selection.clear}
              onOutcomes={(action, result) => setOutcomes({ action, outcomes: result })}
            />
            <BulkDeleteVms selection={selection} />
          </Suspense>
        }
      />
      <Suspense fallback={null}>
        {outcomes === null ? null : <OutcomesDialog {...outcomes} onClose={() => setOutcomes(null)} />}
      </Suspense>
    </>
  );
}

function VmNarrowRow({ vm, withProject }: { vm: VmRow; withProject: boolean }) {
  const [reserved] = vm.reservedIps ?? [];
  const facts = [
    withProject ? vm.project : "",
    vm.ips[0] ?? (reserved === undefined ? "" : `${reserved} reserved`),
    formatCores(vm.cpuCores),
    formatBytes(vm.memoryBytes),
  ];
  return (
    <NarrowRow
      name={vm.name}
      to={paths.vm(vm.project, vm.name)}
      badge={
        vm.restartRequired ? (
          <span className="shrink-0">
            <Badge tone="attention">Restart needed</Badge>
          </span>
        ) : null
      }
      status={<VmStatus state={vm.state} />}
      facts={facts}
      wideStatus={vm.state.reason !== undefined}
    />
  );
}
