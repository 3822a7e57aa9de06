/** Deleting a subnet or a VPC: what goes with it, said first. */
import type { SubnetRow } from "@kubev/api-types/subnets";
import type { VpcRow } from "@kubev/api-types/vpcs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { errorText } from "../../reasons/error-text.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Notice } from "../../ui/States.tsx";
import { toast } from "../../ui/toast.ts";

interface DeleteProps {
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

export function SubnetDelete({ subnet, ...rest }: DeleteProps & { subnet: SubnetRow }) {
  const { name } = subnet;
  return (
    <NetworkDelete
      {...rest}
      name={name}
      verb="Delete subnet"
      run={() => call("deleteSubnet", { params: { name } })}
      consequence={
        <p className="text-pretty">
          The subnet with {subnet.cidrs.join(" and ")} leaves the VPC {subnet.vpc} for good. No machine uses
          it now; one that is set to use it will not start any more.
        </p>
      }
    />
  );
}

export function VpcDelete({ vpc, ...rest }: DeleteProps & { vpc: VpcRow }) {
  const { name } = vpc;
  return (
    <NetworkDelete
      {...rest}
      name={name}
      verb="Delete VPC"
      run={() => call("deleteVpc", { params: { name } })}
      consequence={
        <p className="text-pretty">
          The VPC and its routes are deleted for good. It has no subnets. What peers with it loses the way to
          it.
        </p>
      }
    />
  );
}

interface NetworkDeleteProps extends DeleteProps {
  name: string;
  verb: string;
  run: () => Promise<null>;
  consequence: ReactNode;
}

function NetworkDelete({ name, verb, run, consequence, onClose, onDeleted }: NetworkDeleteProps) {
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      toast.success(`Deletion of ${name} has begun.`);
      onClose();
      onDeleted?.();
      await cache.invalidateQueries({ queryKey: ["listSubnets"] });
      await cache.invalidateQueries({ queryKey: ["listVpcs"] });
    },
  });
  const problem = remove.error === null ? undefined : errorText(remove.error);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={`Delete ${name}`}
      verb={verb}
      busy={remove.isPending}
      consequence={consequence}
    >
      {problem === undefined ? null : (
        <div className="mt-3">
          <Notice tone="error">
            {problem.title} {problem.upstreamText}
          </Notice>
        </div>
      )}
    </ConfirmDialog>
  );
}
