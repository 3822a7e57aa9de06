/** Where in the create form a field of the VirtualMachine comes from, so that the cluster's causes land beside it. */

const rules: readonly [RegExp, string][] = [
  [/^metadata\.name|^name$/, "name"],
  [/^metadata\.labels/, "labels"],
  [/^spec\.runStrategy|^spec\.running/, "runStrategy"],
  [/evictionStrategy/, "evictionStrategy"],
  [/^spec\.instancetype/, "sizing.name"],
  [/^spec\.preference/, "preference"],
  [/dataVolumeTemplates.*storageClassName/, "storageClass"],
  [/dataVolumeTemplates.*(resources|storage|size)/i, "diskSizeBytes"],
  [/dataVolumeTemplates|volumes/, "source"],
  [/domain\.memory|resources\.requests\.memory|resources\.requests$/, "sizing.memoryBytes"],
  [/domain\.cpu|resources\.requests\.cpu/, "sizing.cpuCores"],
  [/firmware|features\.smm/, "firmware"],
  [/interfaces.*macAddress/, "nic.mac"],
  [/interfaces|networks/, "nic.subnet"],
  [/cloudInit/, "cloudInit"],
];

/** Null when no field of the form is meant. */
export function vmFormField(kubernetesField: string): string | null {
  return rules.find(([pattern]) => pattern.test(kubernetesField))?.[1] ?? null;
}
