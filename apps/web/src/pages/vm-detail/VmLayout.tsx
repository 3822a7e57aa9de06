/** One machine: the header that stays, the tabs, and the tab that is open. */
import type { VmDetail } from "@kubev/api-types/virtual-machines";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { ChevronDown, Monitor } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { useVmAction } from "../../components/use-vm-actions.ts";
import { actionIcons, VmActionMenu } from "../../components/VmActionMenu.tsx";
import { actionWords, primaryAction } from "../../components/vm-words.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { useShortcut } from "../../shell/shortcuts.ts";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Badge } from "../../ui/Status.tsx";
import { useVmQuery } from "./use-vm.ts";

const VmActionConfirm = lazy(async () => ({
  default: (await import("../../components/VmActionDialogs.tsx")).VmActionConfirm,
}));
const tabs = [
  { page: undefined, label: "Overview" },
  { page: "console", label: "Screen" },
  { page: "serial", label: "Serial" },
  { page: "disks", label: "Disks" },
  { page: "network", label: "Network" },
  { page: "settings", label: "Settings" },
  { page: "events", label: "Events" },
  { page: "yaml", label: "YAML" },
  { page: "activity", label: "Activity" },
] as const;

export default function VmLayout() {
  const { project, name, query } = useVmQuery();
  const go = useGo();
  useTitle(name);
  useShortcut({
    keys: ["c"],
    label: "Open the screen",
    group: "This machine",
    run: () => go(paths.vm(project, name, "console")),
  });
  useShortcut({
    keys: ["s"],
    label: "Open the serial console",
    group: "This machine",
    run: () => go(paths.vm(project, name, "serial")),
  });
  useShortcut({
    keys: ["e"],
    label: "Edit the YAML",
    group: "This machine",
    run: () => go(paths.vm(project, name, "yaml")),
  });
  const { data, error, refetch } = query;
  if (error instanceof ApiError && error.code === "not-found")
    return (
      <EmptyState
        wholePage
        title={`There is no machine ${name} in ${project}`}
        action={<ButtonLink to={paths.vms(project)}>Virtual machines of {project}</ButtonLink>}
      >
        It was deleted, its name is misspelt, or you may not see it.
      </EmptyState>
    );
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="The machine could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines lines={8} label="Loading the machine" />
      </div>
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <VmHeader detail={data} />
      <Tabs project={project} name={name} />
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <Outlet />
      </div>
    </div>
  );
}

function VmHeader({ detail }: { detail: VmDetail }) {
  const vm = detail.row;
  const go = useGo();
  const action = useVmAction();
  const [confirming, setConfirming] = useState(false);
  const primary = primaryAction(vm);
  const words = actionWords[primary];
  const run = () => action.mutate({ action: primary, targets: [vm] });
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3 px-3 pt-4 pb-3 md:px-5">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight break-all">{vm.name}</h1>
          <VmStatus state={vm.state} full />
          {vm.restartRequired ? <Badge tone="attention">Restart needed</Badge> : null}
        </div>
        {vm.state.reason ? (
          <p className="mt-1 text-secondary break-words">{reasonWithCause(vm.state.reason)}</p>
        ) : null}
        {detail.description === "" ? null : (
          <p className="mt-1 max-w-3xl truncate text-secondary" title={detail.description}>
            {detail.description}
          </p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <ButtonLink
          to={paths.vm(vm.project, vm.name, "console")}
          icon={<Monitor size={16} strokeWidth={1.5} aria-hidden />}
          disabledReason={disabledReason(vm.actions.vnc)}
        >
          Screen
        </ButtonLink>
        <Button
          tone={primary === "stop" ? "default" : "primary"}
          icon={actionIcons[primary]}
          busy={action.isPending}
          disabledReason={disabledReason(vm.actions[primary])}
          onClick={() => (words.consequence ? setConfirming(true) : run())}
        >
          {words.verb}
        </Button>
        <VmActionMenu
          vm={vm}
          onDeleted={() => go(paths.vms(vm.project))}
          trigger={
            <Button>
              Actions
              <ChevronDown size={14} strokeWidth={1.5} aria-hidden />
            </Button>
          }
        />
      </div>
      <Suspense fallback={null}>
        {confirming ? (
          <VmActionConfirm
            action={primary}
            rows={[vm]}
            onClose={() => setConfirming(false)}
            onConfirm={() => {
              setConfirming(false);
              run();
            }}
          />
        ) : null}
      </Suspense>
    </header>
  );
}

function Tabs({ project, name }: { project: string; name: string }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav aria-label="Parts of this machine" className="shrink-0 border-b border-stroke px-3 md:px-5">
      <ul className="-mb-px flex gap-5 overflow-x-auto">
        {tabs.map((tab) => {
          const to = paths.vm(project, name, tab.page);
          const current = path.replace(/\/$/, "") === to;
          return (
            <li key={tab.label}>
              <AppLink
                to={to}
                look="bare"
                aria-current={current ? "page" : undefined}
                className={cx(
                  "flex h-9 items-center border-b-2 whitespace-nowrap",
                  current
                    ? "border-accent font-medium text-content"
                    : "border-transparent text-secondary hover:text-content",
                )}
              >
                {tab.label}
              </AppLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
