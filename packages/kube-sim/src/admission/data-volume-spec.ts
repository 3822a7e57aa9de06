/**
 * What CDI's webhook finds wrong with a new DataVolume's spec: at most one thing, and which, follows from the order in which it
 * looks. Source: validateDataVolumeSpec in CDI's pkg/apiserver/webhooks/datavolume-validate.go and util.go.
 */
import type { StatusCause } from "../store/status-error.ts";
import { quantityBytes } from "../upload/byte-quantity.ts";

const SOURCES = ["http", "s3", "gcs", "registry", "pvc", "upload", "blank", "imageio", "vddk", "snapshot"];
const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const SUPPORTED = ACCESS_MODES.map((mode) => `"${mode}"`).join(", ");
/** Hexadecimal digits of each kind of sum. */
const SUM_LENGTHS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 };

interface ObjectReference {
  apiGroup?: string;
  kind?: string;
  name?: string;
  namespace?: string;
}

interface Target {
  accessModes?: string[];
  resources?: { requests?: { storage?: string | number } };
  storageClassName?: string;
  dataSource?: ObjectReference;
  dataSourceRef?: ObjectReference;
}

interface Source {
  url?: string;
  imageStream?: string;
  checksum?: string;
  namespace?: string;
  name?: string;
}

export interface DataVolumeSpec {
  contentType?: string;
  source?: Record<string, Source | undefined>;
  sourceRef?: ObjectReference;
  pvc?: Target;
  storage?: Target;
}

const wrong = (message: string, field: string): StatusCause[] => [
  { reason: "FieldValueInvalid", message, field },
];

export function dataVolumeCauses(spec: DataVolumeSpec): StatusCause[] {
  const { pvc, storage } = spec;
  if (pvc === undefined && storage === undefined) return wrong("Missing Data volume PVC", "spec.PVC");
  if (pvc !== undefined && storage !== undefined)
    return wrong(
      "Duplicate storage definition, both target storage and target pvc defined",
      "spec.PVC.Storage",
    );
  const target = pvc ?? storage ?? {};
  const first = [sizeCauses(spec), accessModeCauses(target, pvc !== undefined)].find(
    (found) => found.length > 0,
  );
  return first ?? sourceCauses(spec, target);
}

function sizeCauses({ pvc, storage, source, sourceRef }: DataVolumeSpec): StatusCause[] {
  const name = pvc === undefined ? "Storage" : "PVC";
  const field = `spec.${name}.resources.requests.size`;
  const size = (pvc ?? storage)?.resources?.requests?.storage;
  if (size === undefined) {
    const isClone = sourceRef ?? source?.["pvc"] ?? source?.["snapshot"];
    return storage !== undefined && isClone !== undefined ? [] : wrong(`${name} size is missing`, field);
  }
  const bytes = quantityBytes(String(size));
  if (Number.isNaN(bytes)) return wrong(`${name} size ${size} is not a quantity`, field);
  if (bytes <= 0) return wrong(`${name} size can't be equal or less than zero`, field);
  return bytes < 1024 ** 2 ? wrong(`${name} size should be at least 1MiB`, field) : [];
}

/** A claim takes one mode; a storage definition any number, for the profile fills them in. */
function accessModeCauses({ accessModes = [] }: Target, isClaim: boolean): StatusCause[] {
  const field = "spec.PVC.accessModes";
  if (isClaim && accessModes.length === 0)
    return wrong("Required value: at least 1 access mode is required", field);
  if (isClaim && accessModes.length > 1) return wrong("PVC multiple accessModes", field);
  return accessModes.every((mode) => ACCESS_MODES.includes(mode))
    ? []
    : wrong(`Unsupported value: "${accessModes[0]}": supported values: ${SUPPORTED}`, field);
}

function sourceCauses(spec: DataVolumeSpec, { dataSource, dataSourceRef }: Target): StatusCause[] {
  const { source, sourceRef, contentType = "" } = spec;
  if (dataSource ?? dataSourceRef) {
    return [
      ...((source ?? sourceRef)
        ? wrong("External population is incompatible with Source and SourceRef", "spec.source")
        : []),
      ...(dataSource ? referenceCauses(dataSource, "DataSource", "spec.dataSource") : []),
      ...(dataSourceRef ? referenceCauses(dataSourceRef, "DataSourceRef", "spec.dataSourceRef") : []),
    ];
  }
  if ((source === undefined) === (sourceRef === undefined))
    return wrong(
      "Data volume should have either Source or SourceRef, or be externally populated",
      "spec.source",
    );
  if (sourceRef !== undefined) return sourceRefCauses(sourceRef);
  const given = SOURCES.filter((name) => source?.[name] !== undefined);
  const [name = ""] = given;
  if (given.length !== 1)
    return wrong(
      `${given.length === 0 ? "Missing" : "Multiple"} Data volume source${given.length === 0 ? "" : "s"}`,
      "spec.source",
    );
  if (!["", "kubevirt", "archive"].includes(contentType))
    return wrong("ContentType not one of: kubevirt, archive", "spec.contentType");
  if (contentType === "archive" && name === "blank")
    return wrong("SourceType cannot be blank and the contentType be archive", "spec.contentType");
  if (contentType === "archive" && name === "registry")
    return wrong("ContentType must be kubevirt when Source is Registry", "spec.contentType");
  return oneSourceCauses(name, source?.[name] ?? {});
}

function oneSourceCauses(name: string, source: Source): StatusCause[] {
  switch (name) {
    case "http":
      return [...urlCauses(source.url, "HTTP"), ...checksumCauses(source.checksum)];
    case "s3":
    case "gcs":
      return urlCauses(source.url, name.toUpperCase());
    case "registry":
      return registryCauses(source);
    case "pvc":
      return source.namespace && source.name
        ? []
        : wrong("spec.source.PVC source PVC is not valid", "spec.source.PVC");
    case "snapshot":
      return source.namespace && source.name
        ? []
        : wrong("spec.source.Snapshot source snapshot is not valid", "spec.source.Snapshot");
    default:
      return [];
  }
}

function sourceRefCauses({ kind, name }: ObjectReference): StatusCause[] {
  if (!kind) return wrong("Missing sourceRef kind", "spec.sourceRef.Kind");
  if (kind !== "DataSource")
    return wrong(
      `Unsupported sourceRef kind ${kind}, currently only DataSource is supported`,
      "spec.sourceRef.Kind",
    );
  return name ? [] : wrong("Missing sourceRef name", "spec.sourceRef.Name");
}

function referenceCauses(reference: ObjectReference, what: string, field: string): StatusCause[] {
  const { apiGroup = "", kind = "", name = "", namespace = "" } = reference;
  return [
    ...(namespace === ""
      ? []
      : wrong("Invalid value: DataSourceRef namespace not supported", `${field}.namespace`)),
    ...(name === "" ? wrong(`Required value: ${what} name`, `${field}.name`) : []),
    ...(kind === "" ? wrong(`Required value: ${what} kind`, `${field}.kind`) : []),
    ...(apiGroup === "" && kind !== "PersistentVolumeClaim"
      ? wrong(
          `Required value: ${what} apiGroup when kind is not 'PersistentVolumeClaim'`,
          `${field}.apiGroup`,
        )
      : []),
  ];
}

function urlCauses(url: string | undefined, type: string): StatusCause[] {
  const field = `spec.source.${type}.url`;
  if (!url) return wrong("spec.source source URL is empty", field);
  if (!URL.canParse(url)) return wrong(`spec.source Invalid source URL: ${url}`, field);
  return ["http:", "https:", "gs:"].includes(new URL(url).protocol)
    ? []
    : wrong(`spec.source Invalid source URL scheme: ${url}`, field);
}

function checksumCauses(text: string | undefined): StatusCause[] {
  if (!text) return [];
  const refuse = (why: string) => wrong(`Invalid checksum format: ${why}`, "spec.source.HTTP.checksum");
  const colon = text.indexOf(":");
  if (colon < 0) return refuse(`invalid checksum format: expected 'algorithm:hash', got '${text}'`);
  const algorithm = text.slice(0, colon).trim().toLowerCase();
  const hash = text.slice(colon + 1).trim();
  const length = SUM_LENGTHS[algorithm];
  if (hash === "") return refuse("checksum hash value cannot be empty");
  if (length === undefined)
    return refuse(
      `unsupported hash algorithm '${algorithm}': supported algorithms are: md5, sha1, sha256, sha512`,
    );
  if (hash.length !== length)
    return refuse(`invalid ${algorithm} hash length: expected ${length} hex characters, got ${hash.length}`);
  const odd = /[^0-9a-f]/i.exec(hash)?.[0];
  return odd === undefined
    ? []
    : refuse(
        `checksum hash is not valid hexadecimal: encoding/hex: invalid byte: U+${odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")} '${odd}'`,
      );
}

function registryCauses({ url, imageStream }: Source): StatusCause[] {
  const field = "spec.source.Registry";
  if ((url === undefined) === (imageStream === undefined))
    return wrong("Source registry should have either URL or ImageStream", field);
  if (url === undefined) return [];
  return /^(docker|oci-archive):/.test(url)
    ? []
    : wrong(`Illegal registry source URL scheme ${url}`, `${field}.URL`);
}
