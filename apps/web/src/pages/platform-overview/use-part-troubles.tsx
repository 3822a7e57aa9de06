/** Parts of the platform that fail or fall behind, before all that hangs on them. */
import type { PlatformPart } from "@kubev/api-types/platform-status";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { partWords } from "../../components/part-words.ts";
import type { Trouble, TroubleSource } from "../../components/troubles.ts";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { StatusMark } from "../../ui/Status.tsx";

const everyMs = 10_000;

const isTrouble = ({ tone }: Pick<PlatformPart, "tone">) => tone === "error" || tone === "attention";

export function usePartTroubles(): TroubleSource {
  const answer = useQuery({ ...read("getPlatformStatus", {}), refetchInterval: everyMs });
  const { data } = answer;
  const troubles: Trouble[] | undefined = data && [
    ...data.parts.filter(isTrouble).map((part) => ({
      key: part.name,
      name: part.name,
      to: paths.platformStatus(),
      place: "Part of the platform",
      tone: part.tone,
      status: (
        <StatusMark
          tone={part.tone}
          detail={part.reason === undefined ? part.phase : reasonWithCause(part.reason)}
        >
          {partWords[part.tone]}
        </StatusMark>
      ),
    })),
    ...data.workloads.filter(isTrouble).map((one) => ({
      key: `${one.project}/${one.name}`,
      name: one.name,
      to: paths.platformStatus(),
      place: one.part,
      tone: one.tone,
      status: (
        <StatusMark tone={one.tone}>
          {`${formatCount(one.ready)} of ${formatCount(one.desired)} ready`}
        </StatusMark>
      ),
    })),
  ];
  return {
    what: "parts of the platform",
    answer,
    troubles,
    total: troubles?.length ?? 0,
    whole: true,
  };
}
