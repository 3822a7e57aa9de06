/** Labels and annotations that the console itself puts on objects it makes. */

export const consoleLabels = {
  /** On DataSources: `disk` or `iso`. */
  media: "console.kubev.io/media",
  /** On a DataVolume: the image (DataSource) it fills. */
  image: "console.kubev.io/image",
  /** On a namespace, `true`: a project whatever its name. */
  project: "console.kubev.io/project",
  managedBy: "app.kubernetes.io/managed-by",
} as const;

export const consoleAnnotations = {
  displayName: "console.kubev.io/display-name",
  description: "console.kubev.io/description",
  /** On a machine's template: what its port security was before its security groups needed it; `unset` where nothing was said. */
  portSecurityBefore: "console.kubev.io/port-security-before",
  /** Bytes of the file that is to be uploaded. */
  uploadBytes: "console.kubev.io/upload-bytes",
  /** `received/expected` when an upload broke off, `unlike:` and what it seems to be of a file that is no image, else a refusal's words. */
  uploadCut: "console.kubev.io/upload-cut",
} as const;

export const managedByValue = "kubev-console";
