/** Where the cluster fetches a disk's content from: a web server or a registry. Shared by the forms of disks, images and machines. */
import { TextField } from "../../ui/TextField.tsx";

interface ImportFieldsProps {
  kind: "url" | "registry";
  /** Without `checksum` none can be given. */
  value: { url: string; registry: string; checksum?: string };
  onChange: (part: { url?: string; registry?: string; checksum?: string }) => void;
  errorAt: (path: string) => string | undefined;
}

export function ImportFields({ kind, value, onChange, errorAt }: ImportFieldsProps) {
  const error = errorAt("source.url") ?? errorAt("source");
  if (kind === "registry")
    return (
      <div data-field="source.url">
        <TextField
          label="Image in the registry"
          mono
          value={value.registry}
          onChange={(registry) => onChange({ registry: registry.trim() })}
          error={error}
          placeholder="docker://quay.io/containerdisks/debian:13"
        />
      </div>
    );
  return (
    <>
      <div data-field="source.url">
        <TextField
          label="Address"
          mono
          value={value.url}
          onChange={(url) => onChange({ url: url.trim() })}
          error={error}
          placeholder="https://images.example.com/debian-13.qcow2"
          hint="The cluster fetches it, not this browser. qcow2, raw or ISO; also compressed with gzip or xz."
        />
      </div>
      {value.checksum === undefined ? null : (
        <div data-field="source.checksum">
          <TextField
            label="Checksum"
            optional
            mono
            value={value.checksum}
            onChange={(checksum) => onChange({ checksum: checksum.trim() })}
            error={errorAt("source.checksum")}
            placeholder="sha256:…"
          />
        </div>
      )}
    </>
  );
}
