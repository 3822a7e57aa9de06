/** How a disk of a file is shown, whoever sends the file and whatever stands in its way. */
import { expect, test } from "vitest";
import { mayUploadDisk } from "../src/domain/disk-actions.ts";
import { diskState } from "../src/domain/disk-state.ts";
import { consoleAnnotations } from "../src/domain/console-labels.ts";
import { imageState } from "../src/domain/image-state.ts";
import { projectImage, projectDataVolume } from "../src/inventory/project-storage.ts";

interface Given {
  phase: string;
  stuck?: string;
  progress?: string;
  cut?: string;
}

const words = "0/3 nodes are available";
const uploaded = ({ phase, stuck, progress = "N/A", cut }: Given) =>
  projectDataVolume({
    metadata: {
      name: "a",
      namespace: "b",
      uid: "u",
      ...(cut === undefined ? {} : { annotations: { [consoleAnnotations.uploadCut]: cut } }),
    },
    spec: { source: { upload: {} } },
    status: {
      phase,
      progress,
      conditions:
        stuck === undefined ? [] : [{ type: "Running", status: "False", reason: stuck, message: words }],
    },
  });
const running = { receivedBytes: 1, totalBytes: 4 };

test.each(["Unschedulable", "ImagePullFailed", "Error"])(
  "one whose receiver cannot run (%s) failed, in CDI's words, and takes no file",
  (stuck) => {
    const dataVolume = uploaded({ phase: "UploadScheduled", stuck });
    const state = diskState(undefined, dataVolume);
    expect(state).toMatchObject({
      status: "failed",
      reason: { code: "disk-fill-failed", upstreamText: words },
    });
    const disk = { name: "a", state, usedBy: [], seesMachines: true, image: null, storageClass: "" };
    expect(mayUploadDisk(disk, dataVolume)).toMatchObject({ reason: { code: "disk-takes-no-file" } });
  },
);

test("one that CDI waits for takes a file, also after one that failed", () => {
  const given: Given[] = [
    { phase: "UploadReady" },
    { phase: "UploadScheduled" },
    { phase: "UploadReady", stuck: "Error" },
    { phase: "UploadReady", stuck: "Error", cut: "1/4" },
  ];
  const answers = given.map((one) => {
    const dataVolume = uploaded(one);
    const state = diskState(undefined, dataVolume);
    const disk = { name: "a", state, usedBy: [], seesMachines: true, image: null, storageClass: "" };
    return `${state.status} ${mayUploadDisk(disk, dataVolume).allowed}`;
  });
  expect(answers).toEqual(["awaiting-upload true", "awaiting-upload true", "failed true", "failed true"]);
});

test("what this console knows of the sending comes first: that it runs, or how it ended", () => {
  const stuck = "Error";
  expect(diskState(undefined, uploaded({ phase: "UploadReady", stuck }), running).status).toBe("uploading");
  for (const rest of [{ stuck }, { progress: "25.0%" }])
    expect(diskState(undefined, uploaded({ phase: "UploadReady", cut: "1/4", ...rest }))).toMatchObject({
      status: "failed",
      reason: { code: "image-upload-cut", params: { received: 1, expected: 4 } },
    });
});

test("what others send is being filled, and can be sent anew: they may have gone without a word", () => {
  const sent = (phase: string) => {
    const dataVolume = uploaded({ phase, progress: "25.0%" });
    const state = diskState(undefined, dataVolume);
    const disk = { name: "a", state, usedBy: [], seesMachines: true, image: null, storageClass: "" };
    return `${state.status} ${mayUploadDisk(disk, dataVolume).allowed}`;
  };
  expect(sent("UploadReady")).toBe("filling true");
  expect(sent("UploadScheduled")).toBe("filling false");
});

test("an image whose receiver cannot run failed too, and waits for no file", () => {
  const image = projectImage({
    metadata: { name: "a", namespace: "b", uid: "u" },
    spec: { source: { pvc: { name: "a", namespace: "b" } } },
  });
  const stuck = uploaded({ phase: "UploadScheduled", stuck: "Unschedulable" });
  expect(imageState(image, stuck, undefined, undefined)).toMatchObject({
    status: "failed",
    reason: { code: "disk-fill-failed", upstreamText: words },
  });
  expect(imageState(image, uploaded({ phase: "UploadReady" }), undefined, undefined).status).toBe(
    "awaiting-upload",
  );
  expect(imageState(image, stuck, undefined, running).status).toBe("uploading");
});
