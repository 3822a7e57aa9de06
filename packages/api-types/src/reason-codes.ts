/**
 * Every code that a `reason` may carry. The browser owns one whole sentence per code (a type there makes a missing one
 * fail); the server never sends a code that is not listed. Params are named in the comment behind each code; names,
 * numbers and instants (ISO 8601) are raw, the browser formats them.
 */
export const reasonCodes = [
  // Rights. `verb` and `resource` are Kubernetes' own words, e.g. update, virtualmachines/start.
  "no-permission", // verb, resource, project?
  "rights-unknown", // the cluster could not be asked; denied meanwhile
  "not-signed-in",
  "sign-in-mode-off", // mode
  "token-refused",
  "token-expired",
  "oidc-refused", // the provider's own words in upstreamText
  "oidc-flow-unknown", // the sign-in was started elsewhere, twice, or too long ago
  "oidc-unreachable",
  "session-idle",
  "session-too-old",
  "credential-expired", // the user's own credential ended and could not be renewed
  "origin-foreign",
  "content-type-wrong", // expected
  "too-many-tries", // seconds

  // Why a machine is in its state: the one cause.
  "vm-too-large-for-hosts", // resource, needed: more than the largest host has; the scheduler's words in upstreamText
  "vm-unschedulable", // the scheduler's words in upstreamText
  "vm-data-volume-failed", // disk
  "vm-disk-missing", // disk
  "vm-disk-preparing", // disk, percent?
  "vm-disk-waiting", // disk: its volume is not bound yet
  "vm-crash-loop", // until?, failures?
  "vm-image-pull-failed",
  "vm-create-failed",
  "vm-instance-type-missing",
  "vm-preference-missing",
  "vm-failure", // failure: KubeVirt's own condition reason
  "vm-network-failed",
  "vm-receiver",
  "vm-migrating-to", // host
  "vm-guest-failed", // the last run ended in failure
  "vm-unknown", // its host is not answering
  "vm-volumes-need-recovery",

  // Why a machine does not take an action now.
  "vm-is-running",
  "vm-is-stopped",
  "vm-is-starting",
  "vm-is-stopping",
  "vm-is-paused",
  "vm-is-not-paused",
  "vm-is-migrating",
  "vm-is-deleting",
  "vm-has-instance", // start: an earlier instance is still ending
  "vm-no-instance",
  "vm-strategy-starts-itself", // strategy: Always or Once; the cluster starts it
  "vm-strategy-no-restart", // strategy: Halted or Once
  "vm-strategy-receiver",
  "vm-failed-reruns", // RerunOnFailure: neither started nor stopped by hand; the controller makes a new instance
  "vm-request-pending", // an earlier start or stop is under way
  "vm-recovery-required",
  "vm-snapshot-running", // snapshot
  "vm-restore-running",
  "vm-liveness-probe",
  "vm-no-agent-or-acpi",
  "vm-no-graphics",
  "vm-no-serial",
  "vm-delete-protected",
  "vm-no-agent",
  "type-in-use",
  "vm-must-be-stopped",
  "snapshot-not-complete",
  "snapshot-of-other-vm",
  "snapshot-without-disks", // the disks it leaves out, comma separated: disks
  "vm-not-migratable", // KubeVirt's words in upstreamText
  "vm-not-migrating",
  "host-is-current",
  "host-tainted", // taint
  "host-lacks-cpu", // needed, free: cores
  "host-lacks-memory", // neededBytes, freeBytes
  "host-lacks-label", // label
  "vm-gone", // it was deleted, or replaced by another of this name
  "console-busy", // somebody else is connected

  // Images and disks.
  "image-awaiting-upload",
  "image-uploading",
  "image-already-filled",
  "image-upload-cut", // received, expected: bytes
  "image-upload-refused", // the upload service's words in upstreamText
  "image-file-unlike", // looks: what the file seems to be, '' where that is not known
  "image-upload-not-ready",
  "image-import-failed",
  "image-source-missing",
  "image-not-ready",
  "image-is-deleting",
  "grant-not-ours", // it gives more than copying
  "image-managed", // a DataImportCron keeps it
  "image-larger-than-disk", // fileBytes, diskBytes
  "image-not-iso",
  "image-not-disk",
  "upload-too-large", // limitBytes
  "upload-service-unknown",
  "upload-length-missing",
  "upload-length-differs", // declared, expected: bytes
  "disk-in-use", // by: names, comma separated
  "disk-of-image", // image
  "disk-fill-failed",
  "disk-takes-no-file",
  "disk-waiting-for-consumer",
  "disk-pending",
  "disk-lost",
  "disk-is-deleting",
  "disk-not-owned",
  "disk-of-the-definition", // was there when the machine was made: leaves with an edit and a restart only
  "disk-attached-already",
  "cdrom-full",
  "cdrom-empty",
  "nic-of-pod-network",
  "nic-not-pluggable", // binding
  "nic-is-leaving",
  "network-attachment-missing", // name
  "network-attachments-absent",
  "disk-kept-shared", // by

  "disk-not-ready", // name
  "disk-not-bound",
  "disk-shrinks", // currentBytes
  "disk-class-fixed", // storageClass: it does not grow volumes
  "disk-smaller-than-source", // diskBytes, sourceBytes
  "clone-right-missing", // project
  "machine-clone-right-missing", // project, from: KubeVirt copies as the project's service account
  "clone-source-in-use", // by?
  "source-url-wrong",
  "source-url-credentials", // they would stand in the object for everybody to read
  "source-registry-wrong",
  "source-checksum-wrong",
  "storage-mode-unlisted", // storageClass, mode
  "storage-waits-for-consumer", // storageClass
  "snapshots-absent", // the cluster has no snapshot controller
  "storage-class-no-snapshots", // storageClass
  "snapshot-missing", // name
  "snapshot-failed", // the snapshotter's words in upstreamText
  "snapshot-immutable",
  "csi-node-no-driver",
  "storage-capacity-none",
  "volume-attach-failed", // the driver's words in upstreamText
  "volume-attachment-managed",
  "import-cron-outdated", // CDI's words in upstreamText
  "cron-syntax",
  "snapshot-not-ready", // name

  // Hosts.
  "host-not-ready",
  "host-cordoned",
  "host-no-kvm",
  "host-not-for-machines", // kubevirt.io/schedulable is not true
  "host-handler-silent", // since
  "host-is-cordoned", // it is closed already
  "host-is-open", // it is not cordoned
  "host-is-alive", // its kubelet answers
  "host-has-machines", // count
  "host-drain-running",
  "host-drain-not-running",
  "drain-no-room", // hosts, cause: what most of them lack; cordoned, host: those that would take it, and one of them
  "drain-no-other-host",
  "drain-not-migratable", // KubeVirt's words in upstreamText
  "drain-external", // a machine that something else must move
  "drain-strategy-none", // it is stopped here and started elsewhere
  "drain-comes-not-back", // strategy: its run strategy does not start it again
  "drain-unmanaged",
  "drain-local-data", // volumes
  "drain-budget", // budget: its disruption budget allows none now
  "drain-daemon", // owner
  "drain-mirror",
  "drain-finished",
  "drain-ended-with-server",
  "drain-session-ended", // whoever began it signed out
  "host-unknown",

  // Usage and capacity.
  "usage-no-source", // neither Prometheus nor metrics.k8s.io
  "usage-only-recent", // minutes: what the sampler keeps
  "usage-no-traffic", // network and disks need Prometheus
  "usage-host-side", // memory as the host sees it, the emulator's own included
  "usage-source-silent", // source: it does not answer
  "usage-not-yet", // nothing was measured so far
  "not-sampled-here", // too many machines for the sampler
  "ovn-pods-missing",
  "prometheus-not-configured",

  // Projects.
  "project-is-system",
  "project-is-terminating",
  "project-not-empty",

  // Fields of a form. `path` of the field says which.
  "field-required",
  "field-invalid",
  "field-unknown",
  "field-too-long", // max
  "field-too-short", // min
  "field-too-small", // min
  "field-too-large", // max
  "field-pattern",
  "field-choice", // choices
  "field-type", // expected
  "field-upstream", // the cluster's words in upstreamText
  "name-taken",
  "yaml-syntax",
  "yaml-not-this-object", // kind, name
  "yaml-other-project", // project
  "yaml-secret-lost", // path: a masked value was changed in part

  // Preflight of a create.
  "no-host-for-machines",
  "no-host-fits", // cpuCores, memoryBytes
  "no-host-large-enough", // cpuCores, memoryBytes
  "no-host-so-many-cpus", // cpuCores
  "no-host-with-feature", // feature
  "hosts-not-visible",
  "quota-exceeded", // resource, needed, available
  "quota-unknown",
  "storage-class-missing", // name
  "storage-class-no-default",
  "storage-profile-missing", // storageClass
  "storage-profile-empty", // storageClass
  "storage-driver-unknown", // provisioner
  "disk-name-taken-by-old", // name
  "disk-name-taken-in-use", // name, by: a machine
  "storage-waits-for-machine", // storageClass: bound when the machine first starts
  "disk-smaller-than-image", // diskBytes, imageBytes
  "disk-missing", // name
  "image-missing", // name
  "instance-type-missing", // name
  "instance-type-too-small", // preference, minCpuCores, minMemoryBytes
  "preference-missing", // name
  "subnet-missing", // name
  "subnet-not-ready", // name
  "subnet-full", // name
  "subnet-not-for-project", // name
  "subnet-of-nodes", // name: joins hosts and pods, not for machines
  "ip-outside-subnet", // ip, subnet
  "ip-reserved", // ip
  "ip-family", // ip, family
  "ip-not-usable", // ip, cidr
  "ip-taken", // ip, by
  "ip-needs-subnet",
  "mac-taken", // mac, by
  "ip-family-twice", // family
  "security-group-needs-kube-ovn",
  "memory-misaligned", // alignmentBytes
  "cloud-init-not-yaml",
  "cloud-init-no-header", // neither #cloud-config nor a script
  "cloud-init-empty",
  "ssh-key-invalid", // line
  "ssh-key-private", // line
  "dry-run-refused",
  "dry-run-warned", // the cluster's warnings in upstreamText
  "dry-run-impossible", // the object refers to one that does not exist yet
  "part-already-exists", // kind, name

  // Facts about a subnet to know first.
  "vpc-no-way-out", // vpc
  "vpc-no-cluster-dns", // vpc
  "subnet-is-private",
  "subnet-underlay", // vlan

  "subnet-no-nat", // the default VPC's: its machines reach no other network

  // VPCs and subnets.
  "subnet-built-in", // name
  "subnet-in-use", // name, count
  "subnet-is-deleting",
  "subnet-validation-failed", // the controller's words in upstreamText
  "subnet-settling",
  "vpc-built-in", // name
  "vpc-has-subnets", // name, count
  "vpc-is-deleting",
  "vpc-settling",
  "vpc-missing", // name
  "cidr-syntax", // cidr
  "cidr-family", // cidr, family
  "cidr-host-bits", // cidr, network
  "cidr-too-small", // cidr
  "cidr-special", // cidr
  "cidr-upper-case", // cidr
  "cidr-overlaps-subnet", // cidr, subnet, other
  "cidr-holds-host", // cidr, host, ip
  "gateway-outside", // gateway, cidr
  "gateway-not-usable", // gateway, cidr
  "exclude-syntax", // value
  "exclude-outside", // value
  "allow-syntax", // value
  "subnet-named-as-vpc", // name
  "project-missing", // name
  "project-outside-vpc", // project, vpc
  "project-of-other-vpc", // project, vpc
  "nat-only-default-vpc", // vpc
  "route-next-hop-syntax", // value
  "peering-one-sided", // vpc, remote: the remote VPC does not name this one
  "peering-no-route", // vpc, remote, cidr, nextHop
  "peering-link-apart", // own, other, remote
  "peering-with-itself",
  "peering-with-default", // vpc
  "peering-twice", // vpc
  "peering-address", // value
  "peering-overlap", // vpc, cidr, other
  "named-object-missing", // kind: as Kubernetes calls it; name
  "object-immutable", // the cluster's words in upstreamText
  "ip-syntax", // value
  "address-of-pod",
  "address-of-machine", // name
  "address-name", // name: what it must be called
  "ip-pool-not-applied", // the controller's words in upstreamText
  "ip-pool-overlap", // value, pool
  "nat-gateway-needs-external", // subnet
  "nat-gateway-needs-route", // vpc, lanIp
  "nat-gateway-in-use", // name
  "eip-in-use", // name, uses
  "eip-taken", // name, by
  "dnat-port-taken", // port, by
  "ovn-eip-needs-vlan", // subnet
  "vpc-not-external", // vpc
  "provider-network-hosts", // hosts
  "provider-network-in-use", // vlans
  "vlan-conflict", // id
  "vlan-taken", // id, by
  "vlan-in-use", // subnets
  "attachment-needs-subnet", // provider
  "subnet-not-of-vpc", // name, vpc
  "subnet-vpc-fixed",
  "subnet-gateway-in-use", // count
  "subnet-cidr-in-use", // count

  // Catalogued objects.
  "object-is-deleting",
  "deletion-waits", // finalizers: those that it waits for
  "secret-of-account", // the cluster keeps it
  "secret-no-ssh-keys", // name: it holds something else
  "secret-uses-unknown", // resource: may not be listed
  "secret-uses-cut", // resource, limit
  "security-group-missing", // name
  "security-group-not-applied",
  "security-group-pass-last-tier",
  "security-group-drops-rest",
  "security-group-sends-nothing",
  "security-group-rule-twice", // rule
  "security-group-order-open", // priority
  "service-no-machine", // name, project
  "load-balancer-waiting",

  // A partial truth.
  "feed-stale", // resource, since
  "feed-syncing", // resource
  "feed-absent", // resource
  "feed-forbidden", // resource
  "feed-failing", // resource, projects
  "feed-partial", // resource, projects
  "store-down",
  "audit-in-log",
  "component-absent", // component
  "component-forbidden", // component
  "component-failing", // component
  "result-cut", // limit

  // Workloads and members.
  "container-failing", // container, why
  "pod-failed", // why
  "pod-unschedulable", // the scheduler's words in upstreamText
  "pod-carries-machine", // name
  "pod-not-running",
  "shell-into-machine", // name
  "workload-stuck", // why
  "job-failed", // why
  "job-is-over",
  "quota-over", // resource
  "quota-full", // resource
  "named-twice", // name
  "last-admin", // project
  "workload-cannot", // kind
  "kind-not-served", // kind, apiVersion
  "project-needed", // kind
  "verb-not-served", // kind, verb
  "role-missing", // name

  // Words of a query that were not understood.
  "query-field-unknown", // field
  "query-value-not-number", // value
  "query-operator-wrong", // field
  "query-quote-open",
  "query-sort-unknown", // sort

  // Concurrency and transport.
  "changed-meanwhile",
  "console-account-refused", // the cluster no longer takes the console's own credential; its words in upstreamText
  "upstream-refused", // the cluster's words in upstreamText
  "upstream-silent",
  "upstream-unreachable",
  "upstream-busy", // seconds
  "server-draining",
] as const;

export type ReasonCode = (typeof reasonCodes)[number];
