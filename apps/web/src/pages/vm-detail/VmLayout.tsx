/** One machine: the header that stays, the tabs, and the tab that is open. */
import type { VmDetail } from "@kubev/api-types/virtual-machines";
import { Outlet } from "@tanstack/react-router";
import { ChevronDown, Monitor } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader, DetailTabs } from "../../components/DetailFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo } from "../../components/use-place.ts";
import { useFramingTitle } from "../../components/use-title.ts";
import { useVmAction } from "../../components/use-vm-actions.ts";
import { actionIcons } from "../../components/VmActionItems.tsx";
import { VmActionMenu } from "../../components/VmActionMenu.tsx";
import { actionWords, primaryAction, statusWords } from "../../components/vm-words.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { useShortcut } from "../../shell/shortcuts.ts";
import { Button } from "../../ui/Button.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
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
  { page: "snapshots", label: "Snapshots" },
  { page: "dependencies", label: "Dependencies" },
  { page: "usage", label: "Usage" },
  { page: "settings", label: "Settings" },
  { page: "events", label: "Events" },
  { page: "yaml", label: "YAML" },
  { page: "activity", label: "Activity" },
] as const;

export default function VmLayout() {
  const { project, name, query } = useVmQuery();
  const go = useGo();
  useFramingTitle(name);
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
  return (
    <DetailLoader
      query={query}
      missing={`There is no machine ${name} in ${project}`}
      failed="The machine could not be loaded."
      back={<ButtonLink to={paths.vms(project)}>Virtual machines of {project}</ButtonLink>}
    >
      {(detail) => (
        <DetailFrame
          header={<VmHeader detail={detail} />}
          tabs={
            <DetailTabs
              label="Parts of this machine"
              tabs={tabs.map((tab) => ({ label: tab.label, to: paths.vm(project, name, tab.page) }))}
            />
          }
        >
          <Outlet />
        </DetailFrame>
      )}
    </DetailLoader>
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
    <>
      <DetailHeader
        name={vm.name}
        status={
          <>
            <StatusMark tone={vm.state.tone}>{statusWords[vm.state.status]}</StatusMark>
            {vm.restartRequired ? <Badge tone="attention">Restart needed</Badge> : null}
          </>
        }
        line={
          <>
            {vm.state.reason ? <span className="block">{reasonWithCause(vm.state.reason)}</span> : null}
            {detail.description === "" ? null : (
              <span className="block max-w-5xl truncate" title={detail.description}>
                {detail.description}
              </span>
            )}
          </>
        }
        actions={
          <>
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
          </>
        }
      />
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
    </>
  );
}
