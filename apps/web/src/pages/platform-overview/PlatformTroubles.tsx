/** What of the whole platform waits for a person: each kind is asked for its troubled ones, and followed live. */
import type { CapacityReply } from "@kubev/api-types/capacity";
import type { LiveList } from "@kubev/api-types/live";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useLiveList } from "../../api/live/use-live.ts";
import { readList } from "../../api/queries.ts";
import { diskStateWords } from "../../components/disk-words.ts";
import { useHangingDeletions } from "../../components/hanging-deletions.tsx";
import { homelessWords, hostStateWords, hostTone } from "../../components/host-words.ts";
import { NeedsAttention } from "../../components/NeedsAttention.tsx";
import { type TroubleSource, troublesOf } from "../../components/troubles.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { StatusMark } from "../../ui/Status.tsx";
import { usePartTroubles } from "./use-part-troubles.tsx";
import type { Reason, Tone } from "@kubev/api-types/reason";

const pageSize = 25;

const asked = {
  hosts: { q: "schedulable:no", pageSize },
  vms: { q: "status:error,attention", pageSize },
  disks: { q: "status:failed,lost", pageSize },
  images: { q: "status:failed", pageSize },
  subnets: { q: "status:full,not-ready", pageSize },
  quotas: { q: "status:near,full,over", pageSize },
};

const quotaWords: Readonly<Record<string, string>> = { full: "Used up", over: "Exceeded" };

const allOf = (list: string, { q }: { q: string }) => `${list}?q=${encodeURIComponent(q)}`;

function State({ tone, word, reason }: { tone: Tone; word: string; reason?: Reason | undefined }) {
  return (
    <StatusMark tone={tone} detail={reason === undefined ? undefined : reasonText(reason)}>
      {word}
    </StatusMark>
  );
}

/** One list's answer, kept live. */
function useAsked<Reply>(
  list: LiveList,
  query: { q: string; pageSize: number },
  options: Parameters<typeof useQuery<Reply>>[0] & { queryKey: readonly unknown[] },
): UseQueryResult<Reply> {
  useLiveList(list, query, options.queryKey);
  return useQuery<Reply>(options);
}

export function PlatformTroubles({ capacity }: { capacity: UseQueryResult<CapacityReply> }) {
  const hosts = useAsked("hosts", asked.hosts, readList("listHosts", { query: asked.hosts }));
  const vms = useAsked("vms", asked.vms, readList("listVms", { query: asked.vms }));
  const disks = useAsked("disks", asked.disks, readList("listDisks", { query: asked.disks }));
  const images = useAsked("images", asked.images, readList("listImages", { query: asked.images }));
  const subnets = useAsked("subnets", asked.subnets, readList("listSubnets", { query: asked.subnets }));
  const quotas = useAsked(
    "resource-quota",
    asked.quotas,
    readList("listObjects", { params: { noun: "resource-quota" }, query: asked.quotas }),
  );
  const deletions = useHangingDeletions();
  const parts = usePartTroubles();
  const sources: TroubleSource[] = [
    parts,
    lossOf(capacity),
    deletions,
    troublesOf(
      "hosts",
      hosts,
      (host) => ({
        key: host.name,
        name: host.name,
        to: paths.host(host.name),
        place: "Host",
        tone: hostTone(host),
        status: (
          <State
            tone={hostTone(host)}
            word={hostStateWords[host.state.status]}
            reason={host.state.reason ?? host.machines.reason}
          />
        ),
      }),
      allOf(paths.hosts(), asked.hosts),
    ),
    troublesOf(
      "machines",
      vms,
      (vm) => ({
        key: `${vm.project}/${vm.name}`,
        name: vm.name,
        to: paths.vm(vm.project, vm.name),
        place: vm.project,
        tone: vm.state.tone,
        status: <VmStatus state={vm.state} />,
      }),
      allOf(paths.vms(undefined), asked.vms),
    ),
    troublesOf(
      "disks",
      disks,
      (disk) => ({
        key: `${disk.project}/${disk.name}`,
        name: disk.name,
        to: paths.disk(disk.project, disk.name),
        place: `Disk in ${disk.project}`,
        tone: disk.state.tone,
        status: (
          <State tone={disk.state.tone} word={diskStateWords[disk.state.status]} reason={disk.state.reason} />
        ),
      }),
      allOf(paths.disks(undefined), asked.disks),
    ),
    troublesOf(
      "images",
      images,
      (image) => ({
        key: `${image.project}/${image.name}`,
        name: image.name,
        to: paths.image(image.project, image.name),
        place: `Image in ${image.project}`,
        tone: image.state.tone,
        status: <State tone={image.state.tone} word="Failed" reason={image.state.reason} />,
      }),
      allOf(paths.images(undefined), asked.images),
    ),
    troublesOf(
      "subnets",
      subnets,
      (subnet) => ({
        key: subnet.name,
        name: subnet.name,
        to: paths.subnet(undefined, subnet.name),
        place: "Subnet",
        tone: subnet.state.tone,
        status: (
          <State
            tone={subnet.state.tone}
            word={subnet.state.status === "full" ? "No free address" : "Not ready"}
            reason={subnet.state.reason}
          />
        ),
      }),
      allOf(paths.subnets(undefined), asked.subnets),
    ),
    troublesOf(
      "quotas",
      quotas,
      (quota) => ({
        key: `${quota.project}/${quota.name}`,
        name: quota.name,
        to: paths.object(quota),
        place: `Quota of ${quota.project}`,
        tone: quota.state.tone,
        status: (
          <State
            tone={quota.state.tone}
            word={quotaWords[quota.state.status] ?? "Nearly used up"}
            reason={quota.state.reason}
          />
        ),
      }),
      allOf(paths.objects("resource-quota", undefined), asked.quotas),
    ),
  ];
  return (
    <NeedsAttention
      sources={sources}
      nothing="Nothing. The platform's parts, hosts, machines, disks, images, subnets and quotas are as they should be."
    />
  );
}

/** The host whose loss would leave most without a place. */
function lossOf(capacity: UseQueryResult<CapacityReply>): TroubleSource {
  const hardest = capacity.data?.losses.find(({ homelessTotal }) => homelessTotal > 0);
  const troubles = hardest === undefined ? [] : [hardest];
  return {
    what: "losses of a host",
    answer: capacity,
    total: troubles.length,
    whole: true,
    troubles:
      capacity.data === undefined
        ? undefined
        : troubles.map((loss) => ({
            key: loss.host,
            name: loss.host,
            // the host's own page does not tell of its loss
            to: paths.capacity(),
            place: "Host",
            tone: "attention",
            status: <State tone="attention" word={`If it were lost, ${homelessWords(loss)}`} />,
          })),
  };
}
