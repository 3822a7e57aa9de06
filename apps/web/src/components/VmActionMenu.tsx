/** The menu of a machine. Its items come with the first menu that is opened: fifty rows need none of them. */
import type { VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import { type ComponentProps, lazy, type ReactElement, Suspense, useState } from "react";
import { Menu, type MenuTriggerProps } from "../ui/Menu.tsx";
import { useVmAction } from "./use-vm-actions.ts";
import type * as Items from "./VmActionItems.tsx";
import { actionWords } from "./vm-words.ts";

const VmActionConfirm = lazy(async () => ({
  default: (await import("./VmActionDialogs.tsx")).VmActionConfirm,
}));
const VmMigrateDialog = lazy(async () => ({
  default: (await import("./VmMigrateDialog.tsx")).VmMigrateDialog,
}));
const VmDeleteDialog = lazy(async () => ({ default: (await import("./VmDeleteDialog.tsx")).VmDeleteDialog }));

let items: typeof Items;
const load = async () => {
  items = await import("./VmActionItems.tsx");
};
const LoadedItems = (props: ComponentProps<typeof Items.VmActionItems>) => <items.VmActionItems {...props} />;

interface VmActionMenuProps {
  vm: VmRow;
  trigger: ReactElement<MenuTriggerProps>;
  /** Runs after the machine was deleted. */
  onDeleted?: (() => void) | undefined;
}

export function VmActionMenu({ vm, trigger, onDeleted }: VmActionMenuProps) {
  const [asked, setAsked] = useState<VmActionName | "delete" | null>(null);
  const action = useVmAction();
  const ask = (name: VmActionName | "delete") => {
    if (name === "delete" || actionWords[name].consequence) setAsked(name);
    else action.mutate({ action: name, targets: [vm] });
  };
  return (
    <>
      <Menu trigger={trigger} load={load}>
        <LoadedItems vm={vm} onAsk={ask} />
      </Menu>
      <Suspense fallback={null}>
        {asked === "migrate" ? <VmMigrateDialog vm={vm} onClose={() => setAsked(null)} /> : null}
        {asked !== null && asked !== "delete" && asked !== "migrate" ? (
          <VmActionConfirm
            action={asked}
            rows={[vm]}
            onClose={() => setAsked(null)}
            onConfirm={() => {
              setAsked(null);
              action.mutate({ action: asked, targets: [vm] });
            }}
          />
        ) : null}
        {asked === "delete" ? (
          <VmDeleteDialog vm={vm} onClose={() => setAsked(null)} onDeleted={onDeleted} />
        ) : null}
      </Suspense>
    </>
  );
}
