/** Deleting a subnet or a VPC: what goes with it, said first. */
import type { SubnetRow } from "@kubev/api-types/subnets";
import type { VpcRow } from "@kubev/api-types/vpcs";
import { call } from "../../api/client.ts";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";

const networkLists = ["listSubnets", "listVpcs"] as const;

interface DeleteProps {
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

export function SubnetDelete({ subnet, ...rest }: DeleteProps & { subnet: SubnetRow }) {
  const { name } = subnet;
  return (
    <DeleteDialog
      {...rest}
      name={name}
      verb="Delete subnet"
      run={() => call("deleteSubnet", { params: { name } })}
      shownBy={networkLists}
      consequence={
        <>
          The subnet with {subnet.cidrs.join(" and ")}{" "}
          {subnet.vpc === "" ? "is deleted" : `leaves the VPC ${subnet.vpc}`} for good. No machine uses it
          now; one that is set to use it will not start any more.
        </>
      }
    />
  );
}

export function VpcDelete({ vpc, ...rest }: DeleteProps & { vpc: VpcRow }) {
  const { name } = vpc;
  return (
    <DeleteDialog
      {...rest}
      name={name}
      verb="Delete VPC"
      run={() => call("deleteVpc", { params: { name } })}
      shownBy={networkLists}
      consequence={
        <>
          The VPC and its routes are deleted for good. It has no subnets. What peers with it loses the way to
          it.
        </>
      }
    />
  );
}
