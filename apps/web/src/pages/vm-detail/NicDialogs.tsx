/** An interface joins or leaves a machine; how it gets there is said before. */
import type { VmNic, VmNicEffect, VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { Combobox } from "../../ui/Combobox.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";

const effectWords: Record<VmNicEffect, string> = {
  start: "The machine does not run: the change is there when it starts.",
  migration:
    "The machine is moved to another host, while it runs, to bring this about. Its guest goes on without a restart.",
  restart: "The machine cannot be moved while it runs, so the change waits until it is restarted.",
};

const macPattern = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

function useNicChoices(vm: VmRow) {
  const params = { project: vm.project, name: vm.name };
  return { params, query: useQuery(read("getVmNicChoices", { params })) };
}

export function AttachNicDialog({ vm, onClose }: { vm: VmRow; onClose: () => void }) {
  const { params, query } = useNicChoices(vm);
  const [attachment, setAttachment] = useState("");
  const [mac, setMac] = useState("");
  const attach = useDeed({
    run: () => call("attachVmNic", { params, body: { attachment, mac } }),
    done: () => `An interface on ${attachment} is being added to ${vm.name}.`,
    shownBy: ["getVm"],
    onDone: onClose,
  });
  const errors = formErrors(fieldsOf(attach.error));
  const { data } = query;
  const macWrong = mac !== "" && !macPattern.test(mac) ? "Write six pairs such as 02:00:00:00:00:01." : "";
  const choose = (next: string) => {
    attach.reset();
    setAttachment(next.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={`Add an interface to ${vm.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={attach.isPending}
            disabledReason={attachment === "" ? "Choose a network." : macWrong === "" ? undefined : macWrong}
            onClick={() => attach.mutate()}
          >
            Add interface
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {data === undefined ? null : <p className="text-pretty">{effectWords[data.effect]}</p>}
        {data?.reason === undefined ? (
          <Combobox
            label="Network attachment"
            hint="A NetworkAttachmentDefinition of this project."
            value={attachment}
            onChange={choose}
            items={(data?.attachments ?? []).map(({ name, type }) => ({
              value: name,
              label: name,
              detail: type,
            }))}
            emptyText={query.isPending ? "Reading the networks." : "This project has no network attachment."}
            error={errors.at("attachment")}
          />
        ) : (
          <>
            <Notice tone="attention">{reasonText(data.reason)}</Notice>
            <TextField
              label="Network attachment"
              mono
              value={attachment}
              onChange={choose}
              hint="Its name, as an operator gave it to you."
              error={errors.at("attachment")}
            />
          </>
        )}
        <TextField
          label="MAC address"
          optional
          mono
          value={mac}
          onChange={(text) => setMac(text.trim())}
          placeholder="Chosen by the cluster"
          error={macWrong === "" ? errors.at("mac") : macWrong}
        />
        <RefusalNotice error={query.error ?? (errors.all.length > 0 ? null : attach.error)} />
      </div>
    </Dialog>
  );
}

export function DetachNicDialog({ vm, nic, onClose }: { vm: VmRow; nic: VmNic; onClose: () => void }) {
  const { params, query } = useNicChoices(vm);
  const detach = useDeed({
    run: () => call("detachVmNic", { params: { ...params, nic: nic.name } }),
    done: () => `${nic.name} is being removed from ${vm.name}.`,
    shownBy: ["getVm"],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => detach.mutate()}
      title={`Remove ${nic.name} from ${vm.name}`}
      verb="Remove"
      busy={detach.isPending}
      consequence={
        <p className="text-pretty">
          The guest loses this interface and whatever goes over it.{" "}
          {query.data === undefined ? "" : effectWords[query.data.effect]}
        </p>
      }
    >
      <RefusalNotice error={detach.error} />
    </ConfirmDialog>
  );
}
