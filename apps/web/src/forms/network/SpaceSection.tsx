/** What a VPC has free, beside the range that is being chosen, and the next block of a size. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { formatAddressCount } from "../../components/network-words.ts";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/Select.tsx";
import { errorText } from "../../reasons/error-text.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { SpacePicture } from "./SpacePicture.tsx";

const prefixes = [16, 18, 20, 22, 23, 24, 25, 26, 27, 28].map((prefix) => ({
  value: String(prefix),
  label: `/${prefix}`,
}));

interface SpaceSectionProps {
  vpc: string;
  /** The range that is being chosen. */
  cidrV4: string;
  cidrV6: string;
  /** Of the button that takes the block: what happens to it, before its name. */
  verb: string;
  onUse: (cidr: string) => void;
}

export function SpaceSection({ vpc, cidrV4, cidrV6, verb, onUse }: SpaceSectionProps) {
  const [prefix, setPrefix] = useState("24");
  const query = { cidrV4, cidrV6, prefix: Number(prefix) };
  const { data, error } = useQuery({
    queryKey: ["getVpcSpace", vpc, query],
    queryFn: async ({ signal }) => call("getVpcSpace", { params: { name: vpc }, query }, { signal }),
    placeholderData: keepPreviousData,
    enabled: vpc !== "",
    retry: false,
    gcTime: 0,
  });
  const nextFree = data?.nextFree ?? null;
  if (data === undefined)
    return error === null ? (
      vpc === "" ? null : (
        <SkeletonLines lines={2} label="Loading the address space" />
      )
    ) : (
      <p className="text-secondary">{errorText(error, "The address space could not be loaded.").title}</p>
    );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start gap-2">
        <Select
          label="Next free block"
          value={prefix}
          onChange={setPrefix}
          choices={prefixes}
          className="w-28"
        />
        <Button
          className="mt-6"
          disabledReason={nextFree === null ? "No block of this size is free." : undefined}
          onClick={() => onUse(nextFree ?? "")}
        >
          {verb} {nextFree ?? "the next block"}
        </Button>
        {data.addressCount === "" ? null : (
          <p className="mt-6 flex h-8 items-center text-secondary">
            The range written above has {formatAddressCount(data.addressCount)} addresses.
          </p>
        )}
      </div>
      <h3 className="text-xs text-tertiary">Address space of {vpc}</h3>
      <SpacePicture space={data} />
    </div>
  );
}
