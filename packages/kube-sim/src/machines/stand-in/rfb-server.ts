/**
 * A small RFB 3.8 server for one viewer of the stand-in guest: security None, raw rectangles, keys in.
 * Source: RFC 6143.
 */
import type { Duplex } from "node:stream";
import type { TextScreen } from "./text-screen.ts";

interface PixelFormat {
  bitsPerPixel: 8 | 16 | 32;
  bigEndian: boolean;
  redMax: number;
  greenMax: number;
  blueMax: number;
  redShift: number;
  greenShift: number;
  blueShift: number;
}

const serverFormat: PixelFormat = {
  bitsPerPixel: 32,
  bigEndian: false,
  redMax: 255,
  greenMax: 255,
  blueMax: 255,
  redShift: 16,
  greenShift: 8,
  blueShift: 0,
};

/** A viewer's cut text is thrown away, so its length is only bounded. */
const maxCutTextBytes = 1024 * 1024;

function readFormat(bytes: Buffer): PixelFormat | null {
  const bitsPerPixel = bytes.readUInt8(0);
  const trueColour = bytes.readUInt8(3) !== 0;
  if (!trueColour || (bitsPerPixel !== 8 && bitsPerPixel !== 16 && bitsPerPixel !== 32)) return null;
  return {
    bitsPerPixel,
    bigEndian: bytes.readUInt8(2) !== 0,
    redMax: bytes.readUInt16BE(4),
    greenMax: bytes.readUInt16BE(6),
    blueMax: bytes.readUInt16BE(8),
    redShift: bytes.readUInt8(10),
    greenShift: bytes.readUInt8(11),
    blueShift: bytes.readUInt8(12),
  };
}

function formatBytes(format: PixelFormat): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.set([format.bitsPerPixel, 24, format.bigEndian ? 1 : 0, 1], 0);
  bytes.writeUInt16BE(format.redMax, 4);
  bytes.writeUInt16BE(format.greenMax, 6);
  bytes.writeUInt16BE(format.blueMax, 8);
  bytes.set([format.redShift, format.greenShift, format.blueShift], 10);
  return bytes;
}

function encodeScreen(screen: TextScreen, format: PixelFormat): Buffer {
  const pixelBytes = format.bitsPerPixel / 8;
  const pixels = Buffer.alloc(screen.width * screen.height * pixelBytes);
  const { rgb } = screen;
  for (let at = 0, to = 0; at < rgb.length; at += 3, to += pixelBytes) {
    const value =
      ((Math.round(((rgb[at] ?? 0) * format.redMax) / 255) << format.redShift) |
        (Math.round(((rgb[at + 1] ?? 0) * format.greenMax) / 255) << format.greenShift) |
        (Math.round(((rgb[at + 2] ?? 0) * format.blueMax) / 255) << format.blueShift)) >>>
      0;
    if (pixelBytes === 1) pixels[to] = value & 0xff;
    else if (format.bigEndian) pixels.writeUIntBE(value, to, pixelBytes);
    else pixels.writeUIntLE(value, to, pixelBytes);
  }
  return pixels;
}

/** Speaks RFB on `viewer` until it closes. `onKey` gets the X11 keysym of each key pressed. Returns what to call when the screen changed. */
export function serveRfb(
  viewer: Duplex,
  screen: TextScreen,
  name: string,
  onKey: (keysym: number) => void,
): () => void {
  let buffered = Buffer.alloc(0);
  let format = serverFormat;
  let step: "version" | "security" | "init" | "messages" = "version";
  let sentVersion = -1;
  let wantsUpdate = false;

  const update = () => {
    if (!wantsUpdate || sentVersion === screen.version || viewer.writableNeedDrain) return;
    wantsUpdate = false;
    sentVersion = screen.version;
    const header = Buffer.alloc(16);
    header.writeUInt16BE(1, 2); // one rectangle at 0,0 in raw encoding (0)
    header.writeUInt16BE(screen.width, 8);
    header.writeUInt16BE(screen.height, 10);
    viewer.write(Buffer.concat([header, encodeScreen(screen, format)]));
  };

  /** Takes `count` bytes off the buffer, or null when they have not come yet. */
  const take = (count: number): Buffer | null => {
    if (buffered.length < count) return null;
    const taken = buffered.subarray(0, count);
    buffered = buffered.subarray(count);
    return taken;
  };

  /** Bytes of the message at the head of the buffer; 0 when more must come; -1 when it is not RFB. */
  const messageLength = (): number => {
    switch (buffered[0]) {
      case 0:
        return 20;
      case 2:
        return buffered.length < 4 ? 0 : 4 + buffered.readUInt16BE(2) * 4;
      case 3:
        return 10;
      case 4:
        return 8;
      case 5:
        return 6;
      case 6: {
        if (buffered.length < 8) return 0;
        const length = buffered.readUInt32BE(4);
        return length > maxCutTextBytes ? -1 : 8 + length;
      }
      default:
        return -1;
    }
  };

  const handleMessage = (message: Buffer) => {
    switch (message[0]) {
      case 0: {
        const wanted = readFormat(message.subarray(4));
        if (wanted) format = wanted;
        else viewer.destroy();
        break;
      }
      case 3:
        wantsUpdate = true;
        if (message[1] === 0) sentVersion = -1; // not incremental: everything again
        update();
        break;
      case 4:
        if (message[1] !== 0) onKey(message.readUInt32BE(4));
        break;
      default: // encodings, pointer and cut text change nothing here
    }
  };

  const advance = (): boolean => {
    switch (step) {
      case "version":
        if (!take(12)) return false;
        viewer.write(Buffer.from([1, 1])); // one security type: None
        step = "security";
        return true;
      case "security":
        if (!take(1)) return false;
        viewer.write(Buffer.alloc(4));
        step = "init";
        return true;
      case "init": {
        if (!take(1)) return false;
        const title = Buffer.from(name);
        const size = Buffer.alloc(4);
        size.writeUInt16BE(screen.width, 0);
        size.writeUInt16BE(screen.height, 2);
        const length = Buffer.alloc(4);
        length.writeUInt32BE(title.length);
        viewer.write(Buffer.concat([size, formatBytes(serverFormat), length, title]));
        step = "messages";
        return true;
      }
      case "messages": {
        if (buffered.length === 0) return false;
        const length = messageLength();
        if (length < 0) viewer.destroy();
        const message = length > 0 ? take(length) : null;
        if (!message) return false;
        handleMessage(message);
        return true;
      }
    }
  };

  viewer.on("data", (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    while (!viewer.destroyed && advance());
  });
  viewer.on("drain", update);
  viewer.on("error", () => viewer.destroy());
  viewer.write("RFB 003.008\n");
  return update;
}
