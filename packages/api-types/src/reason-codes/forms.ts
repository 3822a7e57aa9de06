/** What is wrong with a form, and what is found before anything is made. */
export const formReasons = [
  // Fields of a form. `path` of the field says which.
  "field-required",
  "field-invalid", // expected: ip, where that is known
  "field-unknown",
  "field-too-long", // max
  "field-too-short", // min
  "field-too-small", // min
  "field-too-large", // max
  "field-pattern", // expected: mac, amount, where it is not the rule of names
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
] as const;
