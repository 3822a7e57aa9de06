/** Who may copy the images and disks of a project: shown, given, taken away. */
import type { ImageGrant } from "@kubev/api-types/images";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { useDeed } from "./use-deed.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { disabledReason } from "./reason-of.ts";
import { SimpleTable } from "./SimpleTable.tsx";

const kindWords = {
  User: "Person",
  Group: "Group",
  ServiceAccount: "Service account",
  Project: "Project",
} as const;
const kinds = (["Project", "User", "Group"] as const).map((value) => ({ value, label: kindWords[value] }));

export function ImageAccessDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const access = useQuery(read("getImageAccess", { params: { project } }));
  const [form, setForm] = useState<ImageGrant>({ kind: "Project", name: "" });
  const grant = useDeed({
    run: () => call("grantImageAccess", { params: { project }, body: form }),
    shownBy: ["getImageAccess"],
    onDone: () => setForm({ ...form, name: "" }),
  });
  const revoke = useDeed({
    run: (binding: string) => call("revokeImageAccess", { params: { project, name: binding } }),
    shownBy: ["getImageAccess"],
  });
  const { data } = access;
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={`Who may copy images of ${project}`}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="flex flex-col gap-5">
        <p className="text-pretty text-secondary">
          A project that may copy can have machines made from what is here: KubeVirt copies their disks in the
          name of their project. People and groups that may copy see what is here, and make disks from it.
          Nothing here can be changed with it.
        </p>
        {data === undefined ? (
          access.error === null ? (
            <SkeletonLines lines={4} label="Loading" />
          ) : (
            <RefusalNotice error={access.error} />
          )
        ) : (
          <>
            <SimpleTable
              label="Who may copy"
              columns={["Who", "Kind", "By the role", ""]}
              rows={data.grants.map((one) => ({
                key: `${one.binding}-${one.kind}-${one.name}`,
                cells: [
                  one.name,
                  kindWords[one.kind],
                  one.clusterWide ? `${one.role}, in all projects` : one.role,
                  <Button
                    key="revoke"
                    size="sm"
                    aria-label={`Take it from ${one.name}`}
                    disabledReason={disabledReason(one.revoke)}
                    busy={revoke.isPending && revoke.variables === one.binding}
                    onClick={() => {
                      grant.reset();
                      revoke.mutate(one.binding);
                    }}
                  >
                    Take away
                  </Button>,
                ],
              }))}
            />
            <form
              className="flex flex-wrap items-end gap-3"
              onSubmit={(event) => {
                event.preventDefault();
                if (form.name === "") return;
                revoke.reset();
                grant.mutate();
              }}
            >
              <Select
                label="Kind"
                className="w-28"
                value={form.kind}
                onChange={(kind) => setForm({ ...form, kind })}
                choices={kinds}
              />
              <TextField
                label="Name"
                className="min-w-0 flex-1 basis-52"
                value={form.name}
                onChange={(name) => setForm({ ...form, name: name.trim() })}
                maxLength={253}
                autoComplete="off"
                spellCheck={false}
              />
              <Button
                type="submit"
                tone="primary"
                busy={grant.isPending}
                disabledReason={
                  disabledReason(data.grant) ?? (form.name === "" ? "Give a name first." : undefined)
                }
              >
                Let them copy
              </Button>
            </form>
            <RefusalNotice error={grant.error ?? revoke.error} />
          </>
        )}
      </div>
    </Dialog>
  );
}
