/** The machine's network interfaces. */
import type { VmNic } from "@kubev/api-types/virtual-machines";
import { Plus, Unplug } from "lucide-react";
import { useState } from "react";
import { disabledReason } from "../../components/reason-of.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { AttachNicDialog, DetachNicDialog } from "./NicDialogs.tsx";
import { useVm } from "./use-vm.ts";

export default function NetworkTab() {
  const { row, nics, attachNic } = useVm();
  const [asked, setAsked] = useState<"attach" | VmNic | null>(null);
  const close = () => setAsked(null);
  useTitle(`Network of ${row.name}`);
  const attach = (
    <Button
      icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
      disabledReason={disabledReason(attachNic)}
      onClick={() => setAsked("attach")}
    >
      Add an interface
    </Button>
  );
  const dialog =
    asked === null ? null : asked === "attach" ? (
      <AttachNicDialog vm={row} onClose={close} />
    ) : (
      <DetachNicDialog vm={row} nic={asked} onClose={close} />
    );
  if (nics.length === 0)
    return (
      <>
        <EmptyState title="This machine has no network interface" action={attach} />
        {dialog}
      </>
    );
  return (
    <TabBody>
      <div className="flex justify-end">{attach}</div>
      {dialog}
      <SimpleTable
        label={`Network interfaces of ${row.name}`}
        columns={[
          "Name",
          "Link",
          "Addresses",
          "MAC",
          "Network",
          "Subnet",
          "VPC",
          "Binding",
          "Model",
          "Remove",
        ]}
        rows={nics.map((nic) => ({
          key: nic.name,
          cells: [
            <span key="n" className="font-medium">
              {nic.name}
            </span>,
            <StatusMark key="l" tone={nic.plug !== "in" ? "working" : nic.linkUp ? "ok" : "off"}>
              {nic.plug === "coming"
                ? "Being added"
                : nic.plug === "leaving"
                  ? "Being removed"
                  : nic.linkUp
                    ? "Up"
                    : "Down"}
            </StatusMark>,
            nic.ips.length === 0 ? (
              "None yet"
            ) : (
              <ul key="i">
                {nic.ips.map((ip) => (
                  <li key={ip} className="flex items-center gap-1 font-mono text-xs">
                    {ip}
                    <CopyButton text={ip} label={`Copy ${ip}`} iconOnly size="sm" />
                  </li>
                ))}
              </ul>
            ),
            nic.mac === "" ? (
              "–"
            ) : (
              <span key="m" className="font-mono text-xs whitespace-nowrap">
                {nic.mac}
              </span>
            ),
            nic.network === "pod" ? "Pod network" : nic.network,
            nic.subnet ?? "–",
            nic.vpc ?? "–",
            nic.binding,
            nic.model === "" ? "–" : nic.model,
            <IconButton
              key="d"
              size="sm"
              aria-label={`Remove ${nic.name}`}
              icon={<Unplug size={16} strokeWidth={1.5} aria-hidden />}
              disabledReason={disabledReason(nic.detach)}
              onClick={() => setAsked(nic)}
            />,
          ],
        }))}
      />
    </TabBody>
  );
}
